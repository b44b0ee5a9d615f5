package io.spillway.node.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;

/**
 * When a rule is in force: on some days of the week, from one time of day to another. Immutable.
 *
 * @param days on which it begins
 * @param to not in it; at or before {@code from}: of the next day
 */
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    public Hours {
        days = Set.copyOf(days);
    }

    public boolean isOn(Instant instant) {
        ZonedDateTime now = instant.atZone(zone);
        DayOfWeek day = now.getDayOfWeek();
        LocalTime time = now.toLocalTime();
        boolean hasBegun = days.contains(day) && !time.isBefore(from);
        if (from.isBefore(to)) {
            return hasBegun && time.isBefore(to);
        }
        return hasBegun || days.contains(day.minus(1)) && time.isBefore(to);
    }
}
