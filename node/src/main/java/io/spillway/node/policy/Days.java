package io.spillway.node.policy;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Days of the week as a policy writes them: {@code mon}, {@code mon-fri}. Immutable. */
public record Days(Set<DayOfWeek> days) {
    private static final List<String> WORDS =
            List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    public Days {
        days = Set.copyOf(days);
    }

    /**
     * @throws IllegalArgumentException for another word
     */
    public static Days parse(String word) {
        String[] ends = word.split("-", 2);
        DayOfWeek last = day(ends[ends.length - 1]);
        Set<DayOfWeek> days = EnumSet.of(last);
        for (DayOfWeek day = day(ends[0]); day != last; day = day.plus(1)) {
            days.add(day);
        }
        return new Days(days);
    }

    private static DayOfWeek day(String word) {
        int place = WORDS.indexOf(word);
        if (place < 0) {
            throw new IllegalArgumentException(word);
        }
        return DayOfWeek.of(place + 1);
    }
}
