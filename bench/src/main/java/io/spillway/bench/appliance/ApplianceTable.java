package io.spillway.bench.appliance;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The classes for people: one line each, what they ask for and how we stand to it. */
final class ApplianceTable {
    private static final String MEASURED = "%-8s%12s%12s%16s%16s%n";
    private static final String LINE = "%-8s%22s  %-34s%22s  %-34s";

    private ApplianceTable() {}

    static String text(Map<Integer, Capacity> measured) {
        Capacity large = measured.get(ApplianceClass.LARGE_LENGTH);
        Capacity small = measured.get(ApplianceClass.SMALL_LENGTH);
        StringBuilder text = new StringBuilder();
        text.append(
                MEASURED.formatted("packets", "Gbit/s", "kpps", "Gbit/s a core", "kpps a core"));
        measured.forEach((length, capacity) -> text.append(measured(length, capacity)));
        text.append('\n');
        line(text, "class", "1450 B asks for", "", "1300 B asks for", "");
        for (ApplianceClass each : ApplianceClass.ALL) {
            line(
                    text,
                    each.name(),
                    demand(each.large()),
                    standing(large, each.large()),
                    demand(each.small()),
                    standing(small, each.small()));
        }
        return text.toString();
    }

    /** One round in a line. */
    static String line(Map<Integer, Capacity> measured) {
        return measured.entrySet().stream()
                .map(entry -> entry.getKey() + " B " + shortly(entry.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String shortly(Capacity capacity) {
        return "%s Gbit/s, %s kpps, a core %s Gbit/s, %s kpps"
                .formatted(
                        figure(capacity.gbps()),
                        figure(capacity.kpps()),
                        figure(capacity.gbpsPerCore()),
                        figure(capacity.kppsPerCore()));
    }

    private static String measured(int length, Capacity capacity) {
        return MEASURED.formatted(
                length + " B",
                figure(capacity.gbps()),
                figure(capacity.kpps()),
                figure(capacity.gbpsPerCore()),
                figure(capacity.kppsPerCore()));
    }

    private static void line(
            StringBuilder text,
            String name,
            String large,
            String largeStanding,
            String small,
            String smallStanding) {
        String line = LINE.formatted(name, large, largeStanding, small, smallStanding);
        text.append(line.stripTrailing()).append('\n');
    }

    private static String demand(ApplianceClass.Demand demand) {
        return "%s Gbit/s, %s kpps".formatted(figure(demand.gbps()), figure(demand.kpps()));
    }

    static String standing(Capacity capacity, ApplianceClass.Demand demand) {
        String cores = String.format(Locale.ROOT, "%.1f", capacity.cores(demand));
        return switch (capacity.standing(demand)) {
            case REACHED -> "reached (" + cores + " of a core)";
            case EXTRAPOLATED -> "extrapolated: " + cores + " of a core";
            case NOT_SHOWN -> "not shown: " + cores + " cores a site";
        };
    }

    private static String figure(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
