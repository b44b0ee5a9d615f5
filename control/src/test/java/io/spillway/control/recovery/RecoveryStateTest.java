package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryStateTest {
    /** Every state, every trigger, Alt WAN up and down after it: the table row by row. */
    @ParameterizedTest
    @CsvSource({
        "START, CLOUD_ALIVE, CLOUD, CLOUD",
        "START, CLOUD_LOST, START, START",
        "START, ALT_WAN_UP, START, START",
        "START, ALT_WAN_DOWN, START, START",
        "START, NO_CLOUD, ALT_WAN, RECOVERY",
        "CLOUD, CLOUD_ALIVE, CLOUD, CLOUD",
        "CLOUD, CLOUD_LOST, ALT_WAN, RECOVERY",
        "CLOUD, ALT_WAN_UP, CLOUD, CLOUD",
        "CLOUD, ALT_WAN_DOWN, CLOUD, CLOUD",
        "CLOUD, NO_CLOUD, CLOUD, CLOUD",
        "ALT_WAN, CLOUD_ALIVE, CLOUD, CLOUD",
        "ALT_WAN, CLOUD_LOST, ALT_WAN, RECOVERY",
        "ALT_WAN, ALT_WAN_UP, ALT_WAN, RECOVERY",
        "ALT_WAN, ALT_WAN_DOWN, ALT_WAN, RECOVERY",
        "ALT_WAN, NO_CLOUD, ALT_WAN, RECOVERY",
        "RECOVERY, CLOUD_ALIVE, CLOUD, CLOUD",
        "RECOVERY, CLOUD_LOST, ALT_WAN, RECOVERY",
        "RECOVERY, ALT_WAN_UP, ALT_WAN, RECOVERY",
        "RECOVERY, ALT_WAN_DOWN, ALT_WAN, RECOVERY",
        "RECOVERY, NO_CLOUD, ALT_WAN, RECOVERY",
    })
    void shouldFollowTheTable(
            RecoveryState from,
            RecoveryState.Trigger trigger,
            RecoveryState withAltWan,
            RecoveryState withoutAltWan) {
        assertEquals(withAltWan, from.next(trigger, true));
        assertEquals(withoutAltWan, from.next(trigger, false));
    }
}
