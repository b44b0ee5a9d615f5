package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeTest {
    @Test
    void shouldSayByWhichLinksToSend() {
        int flags = Probe.LEFT_CLOUD | Probe.links(List.of(0, 3));

        assertTrue(Probe.isWanted(flags, 0));
        assertFalse(Probe.isWanted(flags, 1));
        assertTrue(Probe.isWanted(flags, 3));
        assertFalse(Probe.isWanted(flags, -1), "a link not known yet");
        assertFalse(Probe.isWanted(flags, 40));
        assertEquals(0x91, flags, "one byte on the wire");
    }

    @Test
    void shouldWantAnyLinkWhereNoneIsNamed() {
        assertTrue(Probe.isWanted(Probe.LEFT_CLOUD, 2));
        assertEquals(0, Probe.links(List.of()));
    }

    @Test
    void shouldRefuseALinkThatTheFlagsHaveNoPlaceFor() {
        assertThrows(IllegalArgumentException.class, () -> Probe.links(List.of(4)));
    }
}
