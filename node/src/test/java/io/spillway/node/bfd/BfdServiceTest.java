package io.spillway.node.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.spillway.routing.bfd.BfdAction;
import io.spillway.routing.bfd.BfdConfig;
import io.spillway.routing.bfd.BfdState;
import io.spillway.routing.fib.IpAddress;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BfdServiceTest {
    private static final String ONE = "127.0.84.1";
    private static final String OTHER = "127.0.84.2";
    private static final String FAR = "127.0.84.3";
    private static final long INTERVAL_US = 50_000;
    private static final int MULTIPLIER = 3;
    private static final long WAIT_S = 10;
    private static final int HOPS_MAX = 255;
    private static final int LENGTH = 24;

    private final BlockingQueue<BfdAction.Changed> atOne = new LinkedBlockingQueue<>();
    private final BlockingQueue<BfdAction.Changed> atOther = new LinkedBlockingQueue<>();

    @Test
    void shouldComeUpAndTellThatTheEndIsOnPurpose() throws Exception {
        try (BfdService one = service(ONE, OTHER, false, atOne)) {
            try (BfdService _ = service(OTHER, ONE, true, atOther)) {
                assertEquals(BfdState.UP, next(atOne).state());
                assertEquals(BfdState.UP, next(atOther).state());
                assertEquals(1, one.views().getFirst().upCount());
            }
            BfdAction.Changed down = next(atOne);

            assertEquals(BfdState.DOWN, down.state());
            assertFalse(down.isFailure());
        }
    }

    /** RFC 5881 section 5: else anybody anywhere could end sessions. */
    @Test
    void shouldTakeNothingThatHasPassedARouter() throws Exception {
        try (BfdService _ = service(ONE, OTHER, false, atOne);
                BfdService _ = service(OTHER, ONE, true, atOther)) {
            assertEquals(BfdState.UP, next(atOne).state());
            forge(BfdService.SINGLE_HOP_PORT, HOPS_MAX - 1);
            assertNull(atOne.poll(1, TimeUnit.SECONDS));
            forge(BfdService.SINGLE_HOP_PORT, HOPS_MAX);

            assertEquals(BfdState.DOWN, next(atOne).state());
        }
    }

    /** RFC 5883: for others. */
    @Test
    void shouldTakeNothingOfANearNeighbourAtThePortOfFarOnes() throws Exception {
        BfdNeighbour near = neighbour(ONE, OTHER, false, false);
        BfdNeighbour far = neighbour(ONE, FAR, false, true);
        try (BfdService one =
                        BfdService.start(List.of(near, far), new SplittableRandom(1), atOne::add);
                BfdService _ = service(OTHER, ONE, true, atOther);
                BfdService _ =
                        BfdService.start(
                                List.of(neighbour(FAR, ONE, true, true)),
                                new SplittableRandom(2),
                                atOther::add)) {
            assertEquals(BfdState.UP, next(atOne).state());
            assertEquals(BfdState.UP, next(atOne).state(), "both");

            forge(BfdService.MULTIHOP_PORT, HOPS_MAX);

            assertNull(atOne.poll(1, TimeUnit.SECONDS));
            assertEquals(1, one.views().getFirst().upCount());
        }
    }

    /** The port that a session sends from would be a way round that filter. */
    @Test
    void shouldHearNothingAtThePortItSendsFrom() throws Exception {
        try (DatagramSocket neighbour =
                        new DatagramSocket(
                                new InetSocketAddress(OTHER, BfdService.SINGLE_HOP_PORT));
                BfdService one = service(ONE, OTHER, false, atOne)) {
            byte[] bytes = new byte[LENGTH];
            java.net.DatagramPacket heard = new java.net.DatagramPacket(bytes, LENGTH);
            neighbour.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_S));
            neighbour.receive(heard);

            neighbour.send(heard); // to where it came from
            Thread.sleep(500);
            assertEquals(0, one.views().getFirst().received());
            heard.setPort(BfdService.SINGLE_HOP_PORT);
            neighbour.send(heard);
            Thread.sleep(500);
            assertEquals(0, one.views().getFirst().received(), "with the TTL that Java sends");
        }
    }

    @Test
    void shouldNameTheAddressItCannotHave() {
        IOException refused =
                assertThrows(IOException.class, () -> service("192.0.2.77", OTHER, false, atOne));

        assertTrue(refused.getMessage().contains("192.0.2.77 UDP port 3784"), refused::getMessage);
    }

    private static BfdService service(
            String local,
            String remote,
            boolean isPassive,
            BlockingQueue<BfdAction.Changed> changes)
            throws IOException {
        return BfdService.start(
                List.of(neighbour(local, remote, isPassive, false)),
                new SplittableRandom(local.hashCode()),
                changes::add);
    }

    private static BfdNeighbour neighbour(
            String local, String remote, boolean isPassive, boolean isMultihop) {
        BfdConfig config =
                new BfdConfig(
                        IpAddress.parse(remote), isPassive, INTERVAL_US, INTERVAL_US, MULTIPLIER);
        return new BfdNeighbour(
                config, InetAddress.ofLiteral(local), InetAddress.ofLiteral(remote), isMultihop);
    }

    private static BfdAction.Changed next(BlockingQueue<BfdAction.Changed> changes)
            throws InterruptedException {
        BfdAction.Changed change = changes.poll(WAIT_S, TimeUnit.SECONDS);
        assertNotNull(change, "nothing changed within " + WAIT_S + " s");
        return change;
    }

    /** The neighbour seems to say, of no session, that it is administratively down. */
    private static void forge(int port, int ttl) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Channel forger =
                new Bootstrap()
                        .group(group)
                        .channelFactory(() -> new EpollDatagramChannel(SocketProtocolFamily.INET))
                        .option(BfdService.IP_TTL, ttl)
                        .handler(new ChannelInboundHandlerAdapter())
                        .bind(new InetSocketAddress(OTHER, 0))
                        .sync()
                        .channel();
        ByteBuffer packet =
                ByteBuffer.allocate(LENGTH)
                        .put((byte) (1 << 5))
                        .put((byte) 0)
                        .put((byte) MULTIPLIER)
                        .put((byte) LENGTH)
                        .putInt(4711)
                        .putInt(0)
                        .putInt(1_000_000)
                        .putInt(1_000_000)
                        .putInt(0)
                        .flip();
        InetSocketAddress victim = new InetSocketAddress(ONE, port);
        forger.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(packet), victim)).sync();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
}
