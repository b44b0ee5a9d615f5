package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.crypto.handshake.Handshake;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.crypto.handshake.HandshakeResult;
import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.forward.SessionTable;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakeDriverTest {
    private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 20060);
    private static final int CLIENT_HELLO_LENGTH = 80;

    private final List<String> outcomes = new ArrayList<>();
    private boolean givesWay;
    private final IdleFactory factory = new IdleFactory();
    private final HandshakeDriver driver =
            new HandshakeDriver(
                    factory,
                    new HandshakeDriver.Surroundings(
                            new ConnectionIds(Threading.SHARED, new Random(1)),
                            (link, remote) -> 0,
                            (link, remote, datagram) -> outcomes.add("sent " + datagram[0]),
                            Runnable::run),
                    new Outcomes());

    @Test
    void shouldNotRunOutOfConnectionIdsWhenAClientBeginsAgainAndAgain() {
        int count = (1 << SessionTable.INDEX_BITS) + 10;

        for (int i = 0; i < count; i++) {
            driver.onDatagram(0, REMOTE, 0, clientHello(i));
        }

        assertEquals(count, factory.accepted);
    }

    @Test
    void shouldNotHearOfAnAttemptThatWasReplaced() {
        driver.onDatagram(0, REMOTE, 0, clientHello(1));
        Handshake.Listener first = factory.last;
        driver.onDatagram(0, REMOTE, 0, clientHello(2));

        first.onFailed("TIMEOUT: no answer");

        assertEquals(List.of(), outcomes);
    }

    @Test
    void shouldGiveARepeatedClientHelloToItsHandshake() {
        driver.onDatagram(0, REMOTE, 0, clientHello(1));

        driver.onDatagram(0, REMOTE, 0, clientHello(1));

        assertEquals(1, factory.accepted);
        assertEquals(1, factory.repeated);
    }

    /** Both begin at once (D08): one of the two handshakes must stand. */
    @Test
    void shouldHoldOnToOurHandshakeUntilItGivesWayToThePeers() {
        driver.connect(0, REMOTE);

        driver.onDatagram(0, REMOTE, 0, clientHello(1));
        assertEquals(0, factory.accepted);

        givesWay = true;
        driver.onDatagram(0, REMOTE, 0, clientHello(1));
        assertEquals(1, factory.accepted);
    }

    /** By its last flight the client knows that it may use the session. */
    @Test
    void shouldSendAServersLastFlightWhenItsSessionIsInstalled() {
        driver.onDatagram(0, REMOTE, 0, clientHello(1));
        factory.last.send(new byte[] {22});
        factory.last.send(new byte[] {20});
        factory.last.send(new byte[] {25});
        assertEquals(List.of("sent 22"), outcomes);

        factory.last.onComplete(null);
        factory.last.send(new byte[] {20}); // once more, for who has missed it

        assertEquals(List.of("sent 22", "complete", "sent 20", "sent 25", "sent 20"), outcomes);
    }

    private static byte[] clientHello(int random) {
        ByteBuffer hello = ByteBuffer.allocate(CLIENT_HELLO_LENGTH);
        hello.put(0, (byte) 22).put(13, (byte) 1).putInt(27, random);
        return hello.array();
    }

    /** Handshakes that never get anywhere. */
    private static final class IdleFactory implements HandshakeFactory {
        private int accepted;
        private int repeated;
        private Handshake.Listener last;

        @Override
        public Handshake connect(
                InetSocketAddress remote, byte[] connectionId, Handshake.Listener listener) {
            return idle();
        }

        @Override
        public Handshake accept(
                byte[] clientHello,
                InetSocketAddress remote,
                byte[] connectionId,
                Handshake.Listener listener) {
            accepted++;
            last = listener;
            return idle();
        }

        private Handshake idle() {
            return new Handshake() {
                @Override
                public void onDatagram(byte[] datagram) {
                    repeated++;
                }

                @Override
                public void close() {}
            };
        }
    }

    private final class Outcomes implements HandshakeDriver.Outcome {
        @Override
        public void onComplete(HandshakeDriver.Attempt attempt, HandshakeResult result) {
            outcomes.add("complete");
        }

        @Override
        public void onFailed(HandshakeDriver.Attempt attempt, String reason) {
            outcomes.add(reason);
        }

        @Override
        public boolean givesWay(HandshakeDriver.Attempt own) {
            return givesWay;
        }
    }
}
