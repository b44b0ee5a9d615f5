package io.spillway.node.policy;

import static java.time.DayOfWeek.FRIDAY;
import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Hours hours(String days, String from, String to) {
        return new Hours(
                Days.parse(days).days(), LocalTime.parse(from), LocalTime.parse(to), BERLIN);
    }

    /** Monday is the 30th of November 2026; Berlin is an hour ahead of UTC then. */
    @ParameterizedTest
    @CsvSource({
        "mon-fri, 08:00, 18:00, 2026-11-30T06:59:59Z, false",
        "mon-fri, 08:00, 18:00, 2026-11-30T07:00:00Z, true",
        "mon-fri, 08:00, 18:00, 2026-11-30T16:59:59Z, true",
        "mon-fri, 08:00, 18:00, 2026-11-30T17:00:00Z, false",
        "mon-fri, 08:00, 18:00, 2026-11-29T12:00:00Z, false",
        "fri, 22:00, 06:00, 2026-11-27T21:00:00Z, true",
        "fri, 22:00, 06:00, 2026-11-28T04:59:59Z, true",
        "fri, 22:00, 06:00, 2026-11-28T05:00:00Z, false",
        "fri, 22:00, 06:00, 2026-11-27T04:00:00Z, false",
        "sun, 00:00, 00:00, 2026-11-28T23:00:00Z, true",
        "sun, 00:00, 00:00, 2026-11-29T22:59:59Z, true",
        "sun, 00:00, 00:00, 2026-11-29T23:00:00Z, false",
    })
    void shouldBeOnFromTheFirstMomentToBeforeTheLast(
            String days, String from, String to, String instant, boolean isOn) {
        assertEquals(isOn, hours(days, from, to).isOn(Instant.parse(instant)));
    }

    /** On the 29th of March 2026 Berlin has no 02:30, on the 25th of October it has it twice. */
    @Test
    void shouldFollowTheZonesClock() {
        Hours night = hours("sun", "02:00", "03:00");

        assertEquals(0, minutesOn(night, "2026-03-29T00:00:00Z"));
        assertEquals(120, minutesOn(night, "2026-10-25T00:00:00Z"));
        assertEquals(60, minutesOn(night, "2026-11-01T00:00:00Z"));
    }

    private static int minutesOn(Hours hours, String from) {
        int count = 0;
        for (int minute = 0; minute < 6 * 60; minute++) {
            count += hours.isOn(Instant.parse(from).plusSeconds(60L * minute)) ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldReadDaysAndTheirRanges() {
        assertEquals(Set.of(MONDAY), Days.parse("mon").days());
        assertEquals(Set.of(FRIDAY, SATURDAY, SUNDAY, MONDAY), Days.parse("fri-mon").days());
        assertEquals(Set.of(DayOfWeek.values()), Days.parse("mon-sun").days());
        for (String wrong : new String[] {"", "mo", "mon-", "-mon", "mon-tue-wed", "MON"}) {
            assertThrows(IllegalArgumentException.class, () -> Days.parse(wrong), wrong);
        }
    }
}
