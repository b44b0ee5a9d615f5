package io.spillway.routing.fib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.spillway.routing.Seeds;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PrefixFuzzTest {
    private static final int TEXT_COUNT = Seeds.isLong() ? 5_000_000 : 300_000;
    private static final String ALPHABET = "0123456789abcdefABCDEF:::...///%xg -+\u0661\u00e9\n\0";

    @Test
    void shouldRefuseArbitraryTextOnlyWithMessageNamingIt() {
        long seed = Seeds.next();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < TEXT_COUNT; i++) {
            String text = random.nextBoolean() ? arbitrary(random) : mutated(random);
            checkText(text, seed);
        }
    }

    private static void checkText(String text, long seed) {
        try {
            Prefix prefix = Prefix.parse(text);
            assertEquals(prefix, Prefix.parse(prefix.toString()), () -> "seed " + seed);
        } catch (IllegalArgumentException e) {
            String shown = text.replaceAll("[^ -~]", "?");
            assertTrue(e.getMessage().startsWith("\"" + shown + "\": "), "seed " + seed + " " + e);
        } catch (RuntimeException e) {
            fail("seed " + seed + " text \"" + text + "\"", e);
        }
    }

    private static String arbitrary(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(60); length > 0; length--) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static String mutated(SplittableRandom random) {
        StringBuilder text = new StringBuilder(RandomRoutes.prefix(random).toString());
        for (int edits = 1 + random.nextInt(3); edits > 0 && !text.isEmpty(); edits--) {
            int at = random.nextInt(text.length());
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                default -> text.deleteCharAt(at);
            }
        }
        return text.toString();
    }

    @Test
    void shouldShortenHugeTextInMessage() {
        try {
            Prefix.parse("9".repeat(1_000_000) + "/8");
            fail("accepted");
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().length() < 300, e.getMessage());
        }
    }

    @Test
    void shouldAgreeWithTheJdkAndWithNaiveRfc5952() throws Exception {
        long seed = Seeds.next();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < TEXT_COUNT / 10; i++) {
            long high = sparse(random);
            long low = sparse(random) | 1L << 63; // never IPv4-mapped: the JDK has no such object

            String text = IpAddress.ofIpv6(high, low).toString();

            byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            assertArrayEquals(bytes, InetAddress.getByName(text).getAddress(), "seed " + seed);
            String naive = naiveRfc5952(bytes);
            assertEquals(naive, text, () -> "seed " + seed);
            assertEquals(IpAddress.ofIpv6(high, low), IpAddress.parse(text), () -> "seed " + seed);
        }
    }

    /** Many zero groups, so that runs of every place and length occur. */
    private static long sparse(SplittableRandom random) {
        long groups = 0;
        for (int i = 0; i < 4; i++) {
            int group = random.nextBoolean() ? 0 : random.nextInt(1 << 1 + random.nextInt(16));
            groups = groups << 16 | group;
        }
        return groups;
    }

    private static String naiveRfc5952(byte[] bytes) {
        String[] groups = new String[8];
        for (int i = 0; i < 8; i++) {
            int group =
                    Byte.toUnsignedInt(bytes[2 * i]) << 8 | Byte.toUnsignedInt(bytes[2 * i + 1]);
            groups[i] = Integer.toHexString(group);
        }
        for (int length = 8; length >= 2; length--) {
            for (int start = 0; start + length <= 8; start++) {
                if (join(groups, start, start + length).matches("0(:0)*")) {
                    return join(groups, 0, start) + "::" + join(groups, start + length, 8);
                }
            }
        }
        return join(groups, 0, 8);
    }

    private static String join(String[] groups, int from, int to) {
        return String.join(":", java.util.Arrays.copyOfRange(groups, from, to));
    }
}
