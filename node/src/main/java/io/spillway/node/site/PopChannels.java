package io.spillway.node.site;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;
import io.spillway.node.channel.ChannelClient;
import io.spillway.node.channel.ChannelClientConfig;
import io.spillway.node.channel.ChannelListener;
import io.spillway.node.channel.ChannelWay;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The channel to the PoP node in use, and while the site moves one more that is being connected.
 * Which of them speaks is decided on control's thread; {@link #send} may be called by any.
 */
final class PopChannels implements PopChannel, AutoCloseable {
    /** Starts to connect to that of the PoP nodes. */
    interface Starter {
        ChannelClient start(ChannelClientConfig config, ChannelListener listener);
    }

    /** One client and whether it is connected, as control knows. */
    private final class Line implements ChannelListener {
        private final int pop;
        private ChannelClient client;
        private boolean isConnected;

        private Line(int pop) {
            this.pop = pop;
        }

        @Override
        public void onConnected(PeerIdentity peer) {
            executor.execute(() -> PopChannels.this.onConnected(this));
        }

        @Override
        public void onFrame(Frame frame) {
            executor.execute(
                    () -> {
                        if (active.get() == this) {
                            control.get().onFrame(frame);
                        }
                    });
        }

        @Override
        public void onDisconnected(String reason) {
            executor.execute(() -> PopChannels.this.onDisconnected(this));
        }
    }

    private final List<ChannelWay> links;
    private final Map<Integer, List<ChannelWay>> ways = new ConcurrentHashMap<>();
    private final IntFunction<ChannelClientConfig> configs;
    private final Starter starter;
    private final Executor executor;
    private final Supplier<SiteControl> control;
    private final AtomicReference<Line> active = new AtomicReference<>();
    private final AtomicReference<Line> next = new AtomicReference<>();

    /**
     * @param links by index
     * @param configs by the number of the PoP node; with {@link #waysTo} it
     * @param executor of control
     * @param control asked for only there
     */
    PopChannels(
            List<ChannelWay> links,
            IntFunction<ChannelClientConfig> configs,
            Starter starter,
            Executor executor,
            Supplier<SiteControl> control) {
        this.links = links;
        this.configs = configs;
        this.starter = starter;
        this.executor = executor;
        this.control = control;
    }

    @Override
    public boolean send(Frame frame) {
        Line line = active.get();
        return line != null && line.client.send(frame);
    }

    @Override
    public boolean hasRoom() {
        Line line = active.get();
        return line != null && line.client.hasRoom();
    }

    @Override
    public void follow(int pop) {
        Line speaking = active.get();
        close(next.getAndSet(null));
        if (speaking != null && speaking.pop == pop) {
            return;
        }
        Line opened = open(pop);
        if (speaking != null && speaking.isConnected) {
            next.set(opened);
        } else {
            close(active.getAndSet(opened));
        }
    }

    @Override
    public void goBy(int pop, List<Integer> wanted) {
        ways.put(pop, wanted.stream().map(links::get).toList());
        lines().filter(line -> line.pop == pop).forEach(line -> line.client.onWays());
    }

    @Override
    public void ask() {
        Line line = active.get();
        if (line != null) {
            line.client.ask();
        }
    }

    @Override
    public int link() {
        Line line = active.get();
        return line == null ? -1 : links.indexOf(line.client.way());
    }

    /** For connections to that of the PoP nodes, at this moment. Any thread. */
    List<ChannelWay> waysTo(int pop) {
        return ways.getOrDefault(pop, links);
    }

    private Line open(int pop) {
        Line line = new Line(pop);
        line.client = starter.start(configs.apply(pop), line);
        return line;
    }

    private void onConnected(Line line) {
        line.isConnected = true;
        if (next.compareAndSet(line, null)) {
            Line before = active.getAndSet(line);
            if (before.isConnected) {
                control.get().onChannelDisconnected();
            }
            close(before);
        }
        if (active.get() == line) {
            control.get().onChannelConnected(line.pop);
        }
    }

    private void onDisconnected(Line line) {
        line.isConnected = false;
        if (active.get() == line) {
            control.get().onChannelDisconnected();
        }
    }

    private static void close(Line line) {
        if (line != null) {
            line.client.close();
        }
    }

    /** See {@link ChannelClient#onAddressGone}. */
    void onAddressGone(InetAddress gone) {
        lines().forEach(line -> line.client.onAddressGone(gone));
    }

    private Stream<Line> lines() {
        return Stream.of(active, next).map(AtomicReference::get).filter(Objects::nonNull);
    }

    /** So that the PoP sees who we are now. */
    void reconnect(String reason) {
        Line line = active.get();
        if (line != null) {
            line.client.reconnect(reason);
        }
    }

    @Override
    public void close() {
        close(active.get());
        close(next.get());
    }
}
