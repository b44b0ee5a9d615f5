package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InternetStateTest {
    /** Every state, every trigger, a way open and none after it: the table row by row. */
    @ParameterizedTest
    @CsvSource({
        "START, CLOUD_ALIVE, CLOUD, CLOUD",
        "START, CLOUD_LOST, START, START",
        "START, NO_CLOUD, DIRECT, CUT_OFF",
        "START, CLOUD_TRUSTED, START, START",
        "START, WAY_OPEN, START, START",
        "START, WAY_CLOSED, START, START",
        "CLOUD, CLOUD_ALIVE, CLOUD, CLOUD",
        "CLOUD, CLOUD_LOST, DIRECT, CUT_OFF",
        "CLOUD, NO_CLOUD, CLOUD, CLOUD",
        "CLOUD, CLOUD_TRUSTED, CLOUD, CLOUD",
        "CLOUD, WAY_OPEN, CLOUD, CLOUD",
        "CLOUD, WAY_CLOSED, CLOUD, CLOUD",
        "DIRECT, CLOUD_ALIVE, RETURNING, RETURNING",
        "DIRECT, CLOUD_LOST, DIRECT, DIRECT",
        "DIRECT, NO_CLOUD, DIRECT, DIRECT",
        "DIRECT, CLOUD_TRUSTED, DIRECT, DIRECT",
        "DIRECT, WAY_OPEN, DIRECT, DIRECT",
        "DIRECT, WAY_CLOSED, CUT_OFF, CUT_OFF",
        "RETURNING, CLOUD_ALIVE, RETURNING, RETURNING",
        "RETURNING, CLOUD_LOST, DIRECT, CUT_OFF",
        "RETURNING, NO_CLOUD, RETURNING, RETURNING",
        "RETURNING, CLOUD_TRUSTED, CLOUD, CLOUD",
        "RETURNING, WAY_OPEN, RETURNING, RETURNING",
        "RETURNING, WAY_CLOSED, CLOUD, CLOUD",
        "CUT_OFF, CLOUD_ALIVE, CLOUD, CLOUD",
        "CUT_OFF, CLOUD_LOST, CUT_OFF, CUT_OFF",
        "CUT_OFF, NO_CLOUD, CUT_OFF, CUT_OFF",
        "CUT_OFF, CLOUD_TRUSTED, CUT_OFF, CUT_OFF",
        "CUT_OFF, WAY_OPEN, DIRECT, DIRECT",
        "CUT_OFF, WAY_CLOSED, CUT_OFF, CUT_OFF",
    })
    void shouldFollowTheTable(
            InternetState from,
            InternetState.Trigger trigger,
            InternetState withWay,
            InternetState withoutWay) {
        assertEquals(withWay, from.next(trigger, true));
        assertEquals(withoutWay, from.next(trigger, false));
    }
}
