package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ImpairmentsTest {
    private static final Impairment COMMON = Impairment.delayed(20);
    private static final Impairment FROM_POP = COMMON.duplicating(0.5);
    private static final Impairment TO_POP = COMMON.reordering(0.5, 3);
    private static final Impairments ALL =
            Impairments.everywhere(COMMON)
                    .from("203.0.113.10", FROM_POP)
                    .to("203.0.113.10", TO_POP);

    private final DelayLine line = new DelayLine(1);

    @Test
    void shouldTakeTheSendersBeforeTheReceivers() {
        Impairments both = ALL.to("198.51.100.2", TO_POP);

        assertSame(COMMON, of(ALL, "198.51.100.2", "198.51.100.6"));
        assertSame(FROM_POP, of(both, "203.0.113.10", "198.51.100.2"));
        assertSame(TO_POP, of(both, "198.51.100.6", "203.0.113.10"));
    }

    @Test
    void shouldRefuseWhatNoPathDoes() {
        assertThrows(IllegalArgumentException.class, () -> COMMON.losing(1.1));
        assertThrows(IllegalArgumentException.class, () -> COMMON.losing(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> COMMON.withJitter(21));
        assertEquals(20_000_000, COMMON.withJitter(20).delayNs());
    }

    private Impairment of(Impairments impairments, String from, String to) {
        UnsafeBuffer header = new UnsafeBuffer(line.incomingAddress(), 20);
        header.putInt(12, CapturedPacket.address(from), ByteOrder.BIG_ENDIAN);
        header.putInt(16, CapturedPacket.address(to), ByteOrder.BIG_ENDIAN);
        return impairments.of(line);
    }
}
