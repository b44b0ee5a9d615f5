package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureCheckTest {
    private static final String A = "198.51.100.2";
    private static final String B = "198.51.100.6";
    private static final byte DTLS = 25;

    @TempDir Path directory;
    private final Marker marker = new Marker(new SplittableRandom(7));

    @Test
    void shouldKnowWhatMayBeOnTheInternet() throws IOException {
        PcapFixture capture =
                new PcapFixture()
                        .etherType(0, CapturedPacket.ARP)
                        .ipv4(1, A, B, CapturedPacket.ICMP, 0, new byte[8])
                        .udp(2, A, B, 20060, 100, DTLS)
                        .udp(3, A, LabSite.POP_ADDRESS, 443, 100, (byte) 22)
                        .udp(4, A, B, 1337, 20, stun())
                        .tcp(5, A, LabSite.POP_ADDRESS, 443, (byte) 23);

        CaptureCheck check = check(capture);

        assertEquals(0, check.strangers(), check.firstStranger());
        assertEquals(
                Map.of("ARP", 1L, "ICMP, ND", 1L, "DTLS", 2L, "STUN", 1L, "TLS", 1L),
                check.kinds());
    }

    @Test
    void shouldNameAStranger() throws IOException {
        PcapFixture capture =
                new PcapFixture()
                        .udp(1, "10.1.0.10", "10.2.0.10", 7000, 200, new byte[64])
                        .udp(2, A, B, 443, 100, (byte) 1)
                        .udp(3, A, B, 9999, 100, DTLS)
                        .tcp(4, A, B, 80)
                        .ipv4(5, A, B, 47, 0, new byte[8])
                        .ipv4(6, A, B, CapturedPacket.UDP, 0x2000, new byte[8])
                        .etherType(7, 0x8100);

        CaptureCheck check = check(capture);

        assertEquals(7, check.strangers());
        assertEquals("protocol 17 10.1.0.10:7000 > 10.2.0.10:7000", check.firstStranger());
    }

    @Test
    void shouldFindTheMarkerAtAnyPlace() throws IOException {
        PcapFixture capture = new PcapFixture();
        for (int offset = 0; offset < 40; offset++) {
            ByteBuffer payload = ByteBuffer.allocate(100).position(offset);
            marker.write(payload);
            capture.udp(offset, A, B, 443, 100, payload.array());
        }
        ByteBuffer damaged = ByteBuffer.allocate(100);
        marker.write(damaged);
        damaged.put(31, (byte) ~damaged.get(31));
        capture.udp(50, A, B, 443, 100, damaged.array());

        CaptureCheck check = check(capture);

        assertEquals(40, check.marked());
        assertEquals(41, check.packets());
    }

    @Test
    void shouldSurviveAnyBytes() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole =
                new PcapFixture()
                        .udp(2, A, B, 20060, 100, DTLS)
                        .tcp(5, A, LabSite.POP_ADDRESS, 443, (byte) 23)
                        .etherType(6, CapturedPacket.IPV6)
                        .bytes();
        int count = Boolean.getBoolean("spillway.long") ? 20_000 : 1000;
        for (int i = 0; i < count; i++) {
            byte[] bytes = whole.clone();
            for (int flips = random.nextInt(8); flips >= 0; flips--) {
                bytes[random.nextInt(24, bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(24, bytes.length + 1);
            Path file =
                    Files.write(directory.resolve("fuzz"), java.util.Arrays.copyOf(bytes, length));
            try {
                new CaptureCheck().add(file, marker);
                new CaptureOutages().read(file);
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("damaged"), "seed " + seed + ": " + e);
            }
        }
    }

    private CaptureCheck check(PcapFixture capture) throws IOException {
        CaptureCheck check = new CaptureCheck();
        check.add(capture.write(directory.resolve("capture.pcap")), marker);
        return check;
    }

    private static byte[] stun() {
        return ByteBuffer.allocate(20).putShort((short) 1).putInt(4, 0x2112A442).array();
    }
}
