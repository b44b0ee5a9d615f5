package io.spillway.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a daemon tells, as a strict reader of OpenMetrics 1.0 reads it: whatever is none, or is not
 * as {@link Metric} says, fails.
 */
public final class Figures {
    private static final Pattern DESCRIPTION =
            Pattern.compile("# (HELP|TYPE|UNIT) ([a-z][a-z0-9_]*) ([^\\\\\"]+)");
    private static final String PAIR = "[a-z][a-z0-9_]*=\"(?:[^\"\\\\]|\\\\[\"\\\\n])*\"";
    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-z][a-z0-9_]*)(?:\\{(PAIR(?:,PAIR)*)\\})? (-?\\d+(?:\\.\\d+)?(?:E-?\\d+)?)"
                            .replace("PAIR", PAIR));
    private static final Pattern LABEL =
            Pattern.compile("([a-z][a-z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, Double> values = new LinkedHashMap<>();
    private final Set<Metric> metrics = EnumSet.noneOf(Metric.class);
    private final Set<String> families = new TreeSet<>();
    private final String common;
    private Map<String, String> described = Map.of(); // the family under way
    private String family;

    private Figures(String common) {
        this.common = common;
    }

    public static Figures of(Scrape scrape) {
        String text = scrape.common().text();
        return read(write(Exposition.OPEN_METRICS, scrape), text.substring(0, text.indexOf('=')));
    }

    static String write(Exposition exposition, Scrape scrape) {
        ByteBuf out = Unpooled.buffer();
        exposition.write(scrape, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /**
     * @param common the label that all have
     */
    static Figures read(String text, String common) {
        Figures figures = new Figures(common);
        assertTrue(text.endsWith("# EOF\n"), "no end");
        text.substring(0, text.length() - "# EOF\n".length()).lines().forEach(figures::line);
        return figures;
    }

    private void line(String line) {
        Matcher description = DESCRIPTION.matcher(line);
        if (description.matches()) {
            describe(description.group(1), description.group(2), description.group(3));
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), line);
        String labels = sample.group(2) == null ? "" : sample.group(2);
        add(sample.group(1), labels, Double.parseDouble(sample.group(3)), line);
    }

    /** Each family once, all of it together. */
    private void describe(String word, String name, String text) {
        if (!name.equals(family)) {
            assertTrue(families.add(name), () -> name + " comes again");
            family = name;
            described = new LinkedHashMap<>();
        }
        assertNull(described.put(word, text), () -> word + " of " + name + " comes again");
        if (word.equals("UNIT")) {
            assertTrue(name.endsWith("_" + text), () -> name + " has not the unit " + text);
        }
    }

    private void add(String name, String labels, double value, String line) {
        String type = described.get("TYPE");
        assertNotNull(described.get("HELP"), line);
        String suffix = Map.of("gauge", "", "counter", "_total", "info", "_info").get(type);
        assertEquals(family + suffix, name, line);
        assertTrue(type.equals("gauge") || value >= 0, line);
        assertTrue(!type.equals("info") || value == 1, line);
        Metric metric =
                Metric.valueOf(name.substring("spillway_".length()).toUpperCase(Locale.ROOT));
        List<String> expected = new ArrayList<>(List.of(common));
        expected.addAll(metric.labels());
        assertEquals(expected, names(labels), line);
        metrics.add(metric);
        String own = labels.replaceFirst("^[^\"]*\"(?:[^\"\\\\]|\\\\.)*\",?", "");
        assertNull(values.put(name + "{" + own + "}", value), () -> "twice: " + line);
    }

    private static List<String> names(String labels) {
        return LABEL.matcher(labels).results().map(label -> label.group(1)).toList();
    }

    /** Which are told. */
    public Set<Metric> metrics() {
        return metrics;
    }

    /** Of {@code spillway_NAME{LABELS}}, without the label that all have; null: it is not told. */
    public Double value(String sample) {
        return values.get("spillway_" + sample);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
