package io.spillway.node.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JoinTokenTest {
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldSurviveTheWayThroughText() {
        for (String address : new String[] {"203.0.113.10", "2001:db8::1"}) {
            JoinToken token = token(-1, address, 65535);

            JoinToken parsed = JoinToken.parse(token.text());

            assertEquals(-1, parsed.siteId());
            assertEquals(token.pop(), parsed.pop());
            assertArrayEquals(token.secret(), parsed.secret());
            assertArrayEquals(token.fingerprint(), parsed.fingerprint());
        }
    }

    @Test
    void shouldNotShowItsSecretInLogs() {
        JoinToken token = token(1001, "203.0.113.10", 443);

        assertFalse(token.text().contains(token.toString()));
        assertEquals(
                "join token of site 1001 for /203.0.113.10:443", token.toString(), "seed " + seed);
    }

    @Test
    void shouldRefuseWhatIsNoToken() {
        String text = token(1001, "203.0.113.10", 443).text();

        for (int length = 0; length < text.length() - 1; length++) {
            String cut = text.substring(0, length);
            assertThrows(IllegalArgumentException.class, () -> JoinToken.parse(cut), cut);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> JoinToken.parse(token(0, "203.0.113.10", 443).text()));
        assertThrows(
                IllegalArgumentException.class,
                () -> JoinToken.parse(token(1, "203.0.113.10", 0).text()));
    }

    @Test
    void shouldNeverThrowAnythingElse() {
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "spillway1_" : "");
            random.ints(random.nextInt(130), 32, 300).forEach(c -> text.append((char) c));
            try {
                JoinToken.parse(text.toString());
            } catch (IllegalArgumentException e) {
                assertFalse(e.getMessage().isEmpty(), "seed " + seed);
            }
        }
    }

    @Test
    void shouldRefuseWireTokenThatIsNone() {
        for (String text :
                new String[] {"", ".", "1.", "0.AAAAAAAAAAAAAAAAAAAAAA", "x.AAAA", "1"}) {
            assertThrows(EnrolException.class, () -> WireToken.parse(text), text);
        }
    }

    private JoinToken token(long siteId, String address, int port) {
        byte[] secret = new byte[JoinToken.SECRET_LENGTH];
        byte[] fingerprint = new byte[Fingerprint.LENGTH];
        random.nextBytes(secret);
        random.nextBytes(fingerprint);
        InetSocketAddress pop = new InetSocketAddress(InetAddress.ofLiteral(address), port);
        return new JoinToken(siteId, pop, secret, fingerprint);
    }
}
