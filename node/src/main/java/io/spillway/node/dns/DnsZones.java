package io.spillway.node.dns;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the zone that a name lies in. Immutable. */
final class DnsZones {
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * @param zones one of all names among them
     */
    DnsZones(List<DnsZone> zones) {
        for (int number = 0; number < zones.size(); number++) {
            numbers.put(zones.get(number).name(), number);
        }
        if (!numbers.containsKey("")) {
            throw new IllegalArgumentException("no zone of all names");
        }
    }

    /**
     * Number of the zone with the most labels.
     *
     * @param name as {@link DnsMessage#name}
     */
    int find(String name) {
        String rest = name;
        while (!numbers.containsKey(rest)) {
            int dot = rest.indexOf('.');
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        return numbers.get(rest);
    }
}
