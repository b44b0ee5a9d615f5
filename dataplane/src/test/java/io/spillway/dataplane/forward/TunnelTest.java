package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Session;
import io.spillway.dataplane.sim.SessionPair;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Rekey: make before break (DESIGN §4). */
class TunnelTest {
    private final ForwardFixture fixture = new ForwardFixture();
    private final Tunnel tunnel = fixture.first;

    @Test
    void shouldSealWithTheNewSessionAtOnceWhenThePeerSentTheLastFlight() {
        Session before = client(1);
        Session after = client(2);
        tunnel.install(before);

        tunnel.install(after);

        assertSame(after, tunnel.session());
        assertTrue(tunnel.isReady());
    }

    @Test
    void shouldGoOnWithTheOldSessionUntilThePeerUsesTheNewOne() {
        Session before = client(1);
        Session after = server(2);
        tunnel.install(before);
        tunnel.install(after);
        assertSame(before, tunnel.session());

        tunnel.onOpened(after);

        assertSame(after, tunnel.session());
        assertTrue(tunnel.isReady());
        tunnel.remove(before);
        assertSame(after, tunnel.session());
    }

    @Test
    void shouldNotGoBackWhenAStragglerOfTheOldSessionIsOpened() {
        Session before = client(1);
        Session after = client(2);
        tunnel.install(before);
        tunnel.install(after);

        tunnel.onOpened(before);

        assertSame(after, tunnel.session());
    }

    /** The new handshake may have failed at the peer: what works must go on working. */
    @Test
    void shouldFallBackToTheSessionThatIsLeft() {
        Session before = client(1);
        Session after = client(2);
        tunnel.install(before);
        tunnel.install(after);

        tunnel.remove(after);

        assertSame(before, tunnel.session());
        assertTrue(tunnel.isReady());
        assertTrue(tunnel.mtu() > 0);
    }

    @Test
    void shouldTakeWhatItsPathCarries() {
        tunnel.install(client(1));
        assertEquals(1429, tunnel.mtu());

        tunnel.pathMtu(1280);
        assertEquals(1209, tunnel.mtu());

        tunnel.install(client(2));
        assertEquals(1209, tunnel.mtu(), "the path is the same");
        tunnel.pathMtu(1500);
        assertEquals(1429, tunnel.mtu());
    }

    @Test
    void shouldKnowItsPathBeforeItHasASession() {
        tunnel.pathMtu(1280);
        assertEquals(0, tunnel.mtu());

        tunnel.install(client(1));

        assertEquals(1209, tunnel.mtu());
    }

    /** A peer whose first handshake lost its last flight shakes hands again, and uses either. */
    @Test
    void shouldUseWhicheverOfTwoFreshSessionsThePeerUses() {
        Session first = server(1);
        Session second = server(2);
        tunnel.install(first);
        tunnel.install(second);
        assertFalse(tunnel.isReady());

        tunnel.onOpened(first);

        assertSame(first, tunnel.session());
        tunnel.onOpened(second);
        assertSame(second, tunnel.session());
    }

    @Test
    void shouldUseAnEarlierOfTwoWaitingSessionsWhenThePeerDoes() {
        Session before = client(1);
        Session first = server(2);
        Session second = server(3);
        tunnel.install(before);
        tunnel.install(first);
        tunnel.install(second);

        tunnel.onOpened(first);

        assertSame(first, tunnel.session());
    }

    @Test
    void shouldBeDownWithoutASession() {
        Session only = client(1);
        tunnel.install(only);

        tunnel.remove(only);

        assertFalse(tunnel.isReady());
        assertEquals(0, tunnel.mtu());
    }

    @Test
    void shouldKnowTheMtuByAddressFamily() {
        tunnel.install(client(1));
        var remote = new InetSocketAddress("2001:db8::1", 20060);
        Tunnel ipv6 = new Tunnel(9, 0, 0, 2, remote, 1500, fixture.pool, 8);

        ipv6.install(client(2));

        assertEquals(20, tunnel.mtu() - ipv6.mtu());
    }

    private static Session client(int key) {
        return SessionPair.of(key, key, 100 + key).client();
    }

    private static Session server(int key) {
        return SessionPair.of(key, key, 100 + key).server();
    }
}
