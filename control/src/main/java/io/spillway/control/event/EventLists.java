package io.spillway.control.event;

import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Fields of events that name several sites or links, each list as long as a field may be. */
final class EventLists {
    private static final int LENGTH_MAX = 8192;

    private EventLists() {}

    static String ofIds(Collection<Long> ids) {
        return ids.stream().map(Long::toUnsignedString).collect(Collectors.joining(","));
    }

    static String ofNumbers(Collection<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Each once, sorted. */
    static String ofNames(Collection<String> names) {
        return String.join(",", new TreeSet<>(names));
    }

    /** An empty list is no field; one that is too long ends with a whole entry. */
    static void put(Map<String, String> fields, String name, String list) {
        if (!list.isEmpty()) {
            boolean fits = list.length() <= LENGTH_MAX;
            int end = fits ? list.length() : list.lastIndexOf(',', LENGTH_MAX);
            fields.put(name, list.substring(0, end));
        }
    }
}
