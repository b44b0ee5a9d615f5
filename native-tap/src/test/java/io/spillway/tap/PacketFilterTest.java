package io.spillway.tap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
    private static final int SNAP_LENGTH = 1 << 16;

    /** UDP from 10.1.0.7, port 40000, to 10.2.0.7, port 53. */
    private static final String PACKET =
            "4500001c0000000040110000" + "0a0100070a020007" + "9c40003500080000";

    @BeforeAll
    static void requireLibrary() {
        String missing = PacketFilter.unavailableReason();
        assertFalse(missing != null && "true".equals(System.getenv("CI")), missing);
        Assumptions.assumeTrue(missing == null, "skipped: " + missing);
    }

    @Test
    void shouldMatchAsTcpdumpDoes() {
        assertTrue(matches("udp port 53"));
        assertTrue(matches("src net 10.1.0.0/16 and less 100"));
        assertFalse(matches("udp port 54"));
        assertFalse(matches("ip6"));
    }

    /** What is cut off cannot match. */
    @Test
    void shouldLookAtNoMoreThanWasKept() {
        try (PacketFilter filter = new PacketFilter("udp port 53", PacketFilter.RAW_IP, 20);
                Arena arena = Arena.ofConfined()) {
            assertFalse(filter.matches(packet(arena), 20, 28));
        }
    }

    @Test
    void shouldRefuseWithTheWordsOfLibpcap() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new PacketFilter("udp prt 53", PacketFilter.RAW_IP, SNAP_LENGTH));

        assertTrue(refused.getMessage().contains("syntax error"), refused.getMessage());
    }

    @Test
    void shouldKnowThatRawPacketsHaveNoEthernet() {
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new PacketFilter(
                                "ether host 02:00:00:00:00:07", PacketFilter.RAW_IP, SNAP_LENGTH));
        new PacketFilter("ether host 02:00:00:00:00:07", PacketFilter.ETHERNET, SNAP_LENGTH)
                .close();
    }

    private static boolean matches(String expression) {
        try (PacketFilter filter = new PacketFilter(expression, PacketFilter.RAW_IP, SNAP_LENGTH);
                Arena arena = Arena.ofConfined()) {
            return filter.matches(packet(arena), 28, 28);
        }
    }

    private static long packet(Arena arena) {
        byte[] bytes = HexFormat.of().parseHex(PACKET);
        assertEquals(28, bytes.length);
        MemorySegment segment = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, segment, JAVA_BYTE, 0, bytes.length);
        return segment.address();
    }
}
