package io.spillway.control.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NlriTest {
    private static final int ROUNDS = Boolean.getBoolean("spillway.long") ? 1_000_000 : 20_000;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void shouldWriteThemAsBgpDoes() {
        Prefixes prefixes = Frames.prefixes("0.0.0.0/0", "10.1.0.0/16", "fd00:1::/33");

        assertEquals(ByteString.copyFrom(new byte[] {0, 16, 10, 1}), prefixes.getIpv4());
        byte[] ipv6 = {33, (byte) 0xfd, 0, 0, 1, 0};
        assertEquals(ByteString.copyFrom(ipv6), prefixes.getIpv6());
    }

    @Test
    void shouldReadInPiecesWhatItWroteInPieces() throws WireException {
        for (int round = 0; round < 200; round++) {
            PrefixSet set = PrefixSet.of(prefixes(random.nextInt(300)));
            PrefixSet.Builder read = new PrefixSet.Builder();
            int lengthMax = 17 + random.nextInt(500);
            int start = 0;
            while (start < set.size()) {
                Nlri.Piece piece = Nlri.encode(set, start, lengthMax);
                assertTrue(piece.length() <= lengthMax && piece.end() > start, "seed " + seed);
                Nlri.check(piece.prefixes());
                assertTrue(Nlri.decode(piece.prefixes(), read), "seed " + seed);
                start = piece.end();
            }
            assertEquals(set, read.build(), "seed " + seed);
            assertEquals(set, Nlri.decode(Nlri.encode(set)), "seed " + seed);
        }
    }

    /** What passes the check is read, and written back as it was; the rest is refused. */
    @Test
    void shouldTakeOnlyWhatIsRight() {
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Prefixes good = Nlri.encode(PrefixSet.of(prefixes(random.nextInt(5))));
            byte[] bytes = good.getIpv6().toByteArray();
            for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            ByteString some = ByteString.copyFrom(bytes, 0, random.nextInt(bytes.length + 1));
            Prefixes mutated = Prefixes.newBuilder().setIpv6(some).build();
            try {
                Nlri.check(mutated);
            } catch (WireException e) {
                continue;
            }
            taken++;
            assertEquals(mutated, Nlri.encode(Nlri.decode(mutated)), "seed " + seed);
        }
        assertTrue(taken > 0, "seed " + seed);
    }

    private List<Prefix> prefixes(int count) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isIpv4 = random.nextBoolean();
            long high = isIpv4 ? random.nextLong() << 32 : random.nextLong();
            IpAddress address = new IpAddress(isIpv4, high, isIpv4 ? 0 : random.nextLong());
            prefixes.add(Prefix.containing(address, random.nextInt(isIpv4 ? 33 : 129)));
        }
        return prefixes;
    }
}
