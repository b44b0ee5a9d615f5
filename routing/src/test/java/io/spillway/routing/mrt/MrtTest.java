package io.spillway.routing.mrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MrtTest {
    private static final int ROUNDS = Boolean.getBoolean("spillway.long") ? 2_000_000 : 50_000;
    private static final Path BGPDUMP = Path.of("/usr/bin/bgpdump");
    private static final long TIME_S = 1_795_248_527L;

    private static final List<MrtPeer> PEERS =
            List.of(
                    new MrtPeer(1, IpAddress.parse("192.0.2.1"), 4_200_000_001L),
                    new MrtPeer(2, IpAddress.parse("2001:db8::2"), 65002));

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir Path directory;

    /** What a file holds, as it comes. */
    private static final class Told implements MrtListener {
        final List<MrtPeer> peers = new ArrayList<>();
        final List<String> prefixes = new ArrayList<>();
        final List<List<MrtPath>> paths = new ArrayList<>();

        @Override
        public void onPeers(List<MrtPeer> told) {
            peers.addAll(told);
        }

        @Override
        public void onRoute(Prefix prefix, List<MrtPath> told) {
            prefixes.add(prefix.toString());
            paths.add(told);
        }
    }

    @Test
    void shouldReadWhatItWrote() throws IOException {
        Told told = read(file());

        assertEquals(PEERS, told.peers);
        List<String> prefixes =
                List.of("0.0.0.0/0", "10.1.0.0/16", "10.1.2.3/32", "::/0", "2001:db8:1::/48");
        assertEquals(prefixes, told.prefixes);
        assertEquals(2, told.paths.get(1).size());
        byte[] attributes = told.paths.get(1).getFirst().attributes();
        assertEquals("65001 {65002,65003} 4200000020", MrtAttributes.asPath(attributes));
        assertEquals(IpAddress.parse("192.0.2.9"), MrtAttributes.nextHop(attributes));
        byte[] ipv6 = told.paths.getLast().getFirst().attributes();
        assertEquals(IpAddress.parse("2001:db8::9"), MrtAttributes.nextHop(ipv6));

        ByteArrayOutputStream again = new ByteArrayOutputStream();
        MrtWriter writer = new MrtWriter(again, TIME_S);
        writer.writePeers(7, "lab", told.peers);
        for (int i = 0; i < told.prefixes.size(); i++) {
            writer.writeRoute(Prefix.parse(told.prefixes.get(i)), told.paths.get(i));
        }
        assertTrue(Arrays.equals(file(), again.toByteArray()), "byte for byte");
    }

    @Test
    void shouldReadGzipAndCountWhatItLeavesOut() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(new byte[] {0, 0, 0, 0, 0, 16, 0, 4, 0, 0, 0, 1, 9}); // BGP4MP
            gzip.write(file());
        }
        Told told = new Told();

        long skipped = MrtReader.read(new ByteArrayInputStream(zipped.toByteArray()), told);

        assertEquals(1, skipped);
        assertEquals(5, told.prefixes.size());
    }

    @Test
    void shouldSayWhereAndWhatIsWrong() throws IOException {
        byte[] good = file();
        wrong("at byte 0: the header of a record is cut short", Arrays.copyOf(good, 5));
        wrong("at byte 12: a record is cut short", Arrays.copyOf(good, 20));
        wrong(
                "at byte 0: the compressed file is damaged: Unsupported compression method",
                new byte[] {0x1f, (byte) 0x8b, 7, 0, 0, 0, 0, 0, 0, 0});
        byte[] length = good.clone();
        length[8] = 1;
        wrong("at byte 0: a record of 16777265 bytes, at most 4194304", length);
        int first = 12 + good[11]; // behind the peers
        byte[] orphan = Arrays.copyOfRange(good, first, good.length);
        wrong("at byte 12: a route before the peer index table", orphan);
        byte[] prefix = good.clone();
        prefix[first + 12 + 4] = 33;
        wrong("at byte " + (first + 12 + 5) + ": prefix length 33", prefix);
        byte[] peer = good.clone();
        peer[first + 12 + 8] = 9;
        wrong("at byte " + (first + 12 + 9) + ": peer 9 of 2", peer);
    }

    /** An exception of its own kind, or a route: nothing else, and never more than the file. */
    @Test
    void shouldTakeWhateverBytesThereAre() throws IOException {
        byte[] good = file();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Told told = read(bytes);
                told.paths.forEach(
                        paths ->
                                paths.forEach(
                                        path -> {
                                            MrtAttributes.asPath(path.attributes());
                                            MrtAttributes.nextHop(path.attributes());
                                        }));
            } catch (MrtException e) {
                assertTrue(e.offset() <= bytes.length, "seed " + seed);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void shouldCount() throws IOException {
        MrtSummary summary = new MrtSummary();

        MrtReader.read(new ByteArrayInputStream(file()), summary);

        assertEquals(3, summary.prefixes(true));
        assertEquals(2, summary.prefixes(false));
        assertEquals(1, summary.lengths(true)[16]);
        assertEquals(6, summary.paths());
        assertEquals(4, summary.attributeSets());
    }

    @Test
    void shouldBeReadByBgpdumpAsWell() throws Exception {
        assumeTrue(Files.isExecutable(BGPDUMP), "bgpdump is not installed");
        Path file = Files.write(directory.resolve("table.mrt"), file());

        Process dump = new ProcessBuilder(BGPDUMP.toString(), "-m", file.toString()).start();
        List<String> lines = dump.inputReader().lines().toList();

        assertEquals(0, dump.waitFor());
        assertEquals(6, lines.size(), lines::toString);
        String expected =
                "TABLE_DUMP2|1795248527|B|192.0.2.1|4200000001|10.1.0.0/16|"
                        + "65001 {65002,65003} 4200000020|INCOMPLETE|192.0.2.9|";
        assertTrue(lines.stream().anyMatch(it -> it.startsWith(expected)), lines::toString);
        assertTrue(lines.getLast().contains("|2001:db8:1::/48|"), lines::toString);
    }

    private static byte[] file() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MrtWriter writer = new MrtWriter(out, TIME_S);
        writer.writePeers(7, "lab", PEERS);
        IpAddress nextHop = IpAddress.parse("192.0.2.9");
        MrtPath path =
                new MrtPath(
                        0, TIME_S, MrtAttributes.encode("65001 {65002,65003} 4200000020", nextHop));
        MrtPath longer = new MrtPath(1, TIME_S, MrtAttributes.encode("1 2 3 4", nextHop));
        MrtPath own = new MrtPath(0, TIME_S, MrtAttributes.encode("", nextHop));
        IpAddress nextHop6 = IpAddress.parse("2001:db8::9");
        MrtPath ipv6 = new MrtPath(1, TIME_S, MrtAttributes.encode("65002", nextHop6));
        writer.writeRoute(Prefix.parse("0.0.0.0/0"), List.of(own));
        writer.writeRoute(Prefix.parse("10.1.0.0/16"), List.of(path, longer));
        writer.writeRoute(Prefix.parse("10.1.2.3/32"), List.of(own));
        writer.writeRoute(Prefix.parse("::/0"), List.of(ipv6));
        writer.writeRoute(Prefix.parse("2001:db8:1::/48"), List.of(ipv6));
        return out.toByteArray();
    }

    private static Told read(byte[] bytes) throws IOException {
        Told told = new Told();
        MrtReader.read(new ByteArrayInputStream(bytes), told);
        return told;
    }

    private static void wrong(String expected, byte[] bytes) {
        MrtException e = assertThrows(MrtException.class, () -> read(bytes));
        assertEquals(expected, e.getMessage());
    }
}
