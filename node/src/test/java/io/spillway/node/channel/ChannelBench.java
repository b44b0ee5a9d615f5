package io.spillway.node.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.Clock;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Revocations;
import io.spillway.control.wire.StateRequest;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Both ends of channels on loopback, closed in reverse order. */
final class ChannelBench implements AutoCloseable {
    static final long TIMEOUT_S = 15;
    static final ChannelTiming FAST =
            new ChannelTiming(
                    Duration.ofMillis(200),
                    Duration.ofMillis(1000),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200));

    final ChannelThread siteThread = ChannelThread.start();
    final ChannelThread popThread = ChannelThread.start();
    private final Deque<Runnable> opened = new ArrayDeque<>();

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    ChannelServer server(Identity pop, ChannelServerListener listener) throws IOException {
        return server(pop, pop.verifier(TestAccount.CLOCK), Enroller.UNAVAILABLE, listener);
    }

    ChannelServer server(
            Identity pop, PeerVerifier verifier, Enroller enroller, ChannelServerListener listener)
            throws IOException {
        return open(
                new ChannelServerConfig(loopback(0), pop, verifier, Set.of(), enroller, 64, FAST),
                listener);
    }

    ChannelServer open(ChannelServerConfig config, ChannelServerListener listener)
            throws IOException {
        ChannelServer server = ChannelServer.open(popThread, config, listener);
        opened.push(server::close);
        return server;
    }

    ChannelClient client(Identity site, InetSocketAddress pop, ChannelListener listener) {
        return client(site, site.verifier(TestAccount.CLOCK), pop, listener);
    }

    ChannelClient client(
            Identity site, PeerVerifier verifier, InetSocketAddress pop, ChannelListener listener) {
        ChannelClient client =
                ChannelClient.start(
                        siteThread,
                        new ChannelClientConfig(
                                pop,
                                () -> List.of(ChannelWay.ANY),
                                () -> site,
                                verifier,
                                WireSender.POP,
                                FAST),
                        listener);
        opened.push(client::close);
        return client;
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T value = queue.poll(TIMEOUT_S, TimeUnit.SECONDS);
        assertTrue(value != null, "nothing came within " + TIMEOUT_S + " s");
        return value;
    }

    static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, what + " did not come about");
            Thread.sleep(5);
        }
    }

    static Frame stateRequest(long request) {
        return Frame.newBuilder()
                .setStateRequest(StateRequest.newBuilder().setRequest(request))
                .build();
    }

    static Frame clock(long timeMs) {
        return Frame.newBuilder().setClock(Clock.newBuilder().setTimeMs(timeMs)).build();
    }

    static Frame revocations(int length) {
        Revocations big =
                Revocations.newBuilder().setCrl(ByteString.copyFrom(new byte[length])).build();
        return Frame.newBuilder().setRevocations(big).build();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
        siteThread.close();
        popThread.close();
    }
}
