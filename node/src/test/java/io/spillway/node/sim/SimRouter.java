package io.spillway.node.sim;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.node.bgp.BgpTransport;
import io.spillway.node.site.BgpSetup;
import io.spillway.routing.bgp.BgpAction;
import io.spillway.routing.bgp.BgpSpeaker;
import io.spillway.routing.bgp.Direction;
import io.spillway.routing.bgp.LearntPath;
import io.spillway.routing.bgp.NeighbourConfig;
import io.spillway.routing.bgp.PrefixList;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A router on a site's LAN that speaks BGP with it over a wire that loses nothing. It waits to be
 * called. What is behind it is where the site's host is.
 */
public final class SimRouter implements BgpTransport {
    private static final int HOLD_S = 60;
    private static final int ROUTE_LIMIT = 1024;
    private static final int WARNING_PERCENT = 75;
    private static final long SITE_OF_ORIGIN = 4_200_020_049L;
    private static final long SITE_AS = 4_200_000_000L;
    private static final long ROUTER_AS = 65_000;

    private final Executor control;
    private final Supplier<Listener> site;
    private final SimClock clock;
    private final BgpSpeaker speaker;
    private final Set<String> learnt = new TreeSet<>();

    SimRouter(int number, Executor control, Supplier<Listener> site, SimClock clock) {
        this.control = control;
        this.site = site;
        this.clock = clock;
        int own = address(number).toIpv4();
        NeighbourConfig config =
                config(gateway(number), SITE_AS + number, ROUTER_AS + number, own, true);
        speaker = new BgpSpeaker(List.of(config), hop -> "", this::onAction);
        speaker.start(0, clock.nanoTime());
    }

    /** What the site must be told of it. */
    static BgpSetup setup(int number) {
        int own = SimSite.gateway(number);
        NeighbourConfig config =
                config(address(number), ROUTER_AS + number, SITE_AS + number, own, false);
        return new BgpSetup(
                SimSite.id(number),
                List.of(Prefix.parse("172.16.0.0/12")),
                List.of(new BgpSetup.Neighbour("router", config, null, null)));
    }

    private static NeighbourConfig config(
            IpAddress neighbour, long peerAs, long localAs, int own, boolean isPassive) {
        return new NeighbourConfig(
                neighbour,
                peerAs,
                localAs,
                own,
                HOLD_S,
                isPassive,
                IpAddress.ofIpv4(own),
                null,
                PrefixList.ANY,
                PrefixList.ANY,
                false,
                ROUTE_LIMIT,
                WARNING_PERCENT,
                false,
                0);
    }

    private static IpAddress gateway(int number) {
        return IpAddress.ofIpv4(SimSite.gateway(number));
    }

    private static IpAddress address(int number) {
        return IpAddress.ofIpv4(SimSite.gateway(number) + 253);
    }

    // ---- for tests

    public void announce(String prefix) {
        speaker.originate(Prefix.parse(prefix), 0);
    }

    public void withdraw(String prefix) {
        speaker.withdraw(Prefix.parse(prefix));
    }

    /** What the site has told it. */
    public Set<String> learnt() {
        return learnt;
    }

    void poll() {
        speaker.poll(clock.nanoTime());
        speaker.takeChanges(this::onPaths, Integer.MAX_VALUE);
    }

    private void onPaths(Prefix prefix, List<LearntPath> paths) {
        if (paths.isEmpty()) {
            learnt.remove(prefix.toString());
        } else {
            learnt.add(prefix.toString());
        }
    }

    // ---- the wire

    @Override
    public void connect(int neighbour) {
        control.execute(
                () -> {
                    speaker.onConnected(0, Direction.INCOMING, clock.nanoTime());
                    site.get().onConnected(0, Direction.OUTGOING);
                });
    }

    @Override
    public void send(int neighbour, Direction direction, byte[] bytes) {
        byte[] heard = withoutMark(bytes);
        control.execute(
                () ->
                        speaker.onBytes(
                                0, Direction.INCOMING, heard, 0, heard.length, clock.nanoTime()));
    }

    /** To a router the community of another site means nothing; our speaker would refuse it. */
    private static byte[] withoutMark(byte[] bytes) {
        UnsafeBuffer heard = new UnsafeBuffer(bytes.clone());
        for (int at = 0; at <= heard.capacity() - Integer.BYTES; at++) {
            if (heard.getInt(at, BIG_ENDIAN) == (int) SITE_OF_ORIGIN) {
                heard.putInt(at, (int) ROUTER_AS, BIG_ENDIAN);
            }
        }
        return heard.byteArray();
    }

    @Override
    public void close(int neighbour, Direction direction) {
        control.execute(() -> speaker.onClosed(0, Direction.INCOMING, "closed", clock.nanoTime()));
    }

    private void onAction(BgpAction action) {
        switch (action) {
            case BgpAction.Send send ->
                    control.execute(() -> site.get().onBytes(0, Direction.OUTGOING, send.bytes()));
            case BgpAction.Close _ ->
                    control.execute(() -> site.get().onClosed(0, Direction.OUTGOING, "closed"));
            default -> {}
        }
    }
}
