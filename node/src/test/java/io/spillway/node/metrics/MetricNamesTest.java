package io.spillway.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What people look up by name, or are woken by, must be told. */
class MetricNamesTest {
    private static final Path HOME = Path.of(System.getProperty("spillway.home"));
    private static final Path EXAMPLES = HOME.resolve("examples/metrics");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(spillway_\\w+)` \\| ([^|]*) \\| ([^|]*) \\|$");
    private static final Pattern QUERIED =
            Pattern.compile("(spillway_\\w+)(?:\\{((?:[^}\"]|\"[^\"]*\")*)\\})?");
    private static final Pattern MATCHED = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");
    private static final Pattern SHOWN = Pattern.compile("\\$labels\\.(\\w+)");

    /** Of every figure, from us or from Prometheus. */
    private static final Set<String> COMMON = Set.of("site", "pop", "instance", "job");

    private static final Map<String, Metric> BY_NAME =
            Stream.of(Metric.values())
                    .collect(Collectors.toMap(Metric::sampleName, Function.identity()));

    @Test
    void shouldExplainEveryFigure() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        BY_NAME.forEach((name, metric) -> expected.put(name, row(metric)));
        Map<String, String> explained = new TreeMap<>();
        ROW.matcher(Files.readString(HOME.resolve("docs/metrics.md")))
                .results()
                .forEach(row -> explained.put(row.group(1), row.group(2) + " | " + row.group(3)));

        assertEquals(expected, explained);
    }

    private static String row(Metric metric) {
        String labels =
                metric.labels().stream()
                        .map(label -> "`" + label + "`")
                        .collect(Collectors.joining(", "));
        return labels + " | " + metric.help();
    }

    /** Units at the end of names, and no word in a text that a reader would take for its end. */
    @Test
    void shouldNameFiguresAsOpenMetricsWantsIt() {
        for (Metric metric : Metric.values()) {
            assertTrue(metric.sampleName().matches("spillway(_[a-z]+)+"), metric.sampleName());
            assertTrue(metric.help().matches("[^\\\\\"\\n]+\\."), metric.help());
            assertFalse(metric.family().matches(".*_(ms|us|ns|kb|mb|bits|count|sum|bucket)"));
        }
    }

    @Test
    void shouldAlertByWhatIsTold() throws IOException {
        JsonNode file =
                YAMLMapper.shared().readTree(Files.readString(EXAMPLES.resolve("alerts.yaml")));
        List<JsonNode> rules = new ArrayList<>();
        file.path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        Set<String> names = new TreeSet<>();

        for (JsonNode rule : rules) {
            String name = rule.path("alert").asString("");
            assertTrue(names.add(name), name);
            Set<String> labels = labels(rule.path("expr").asString(""));
            String summary = rule.path("annotations").path("summary").asString("");
            assertFalse(summary.isEmpty(), name);
            SHOWN.matcher(summary)
                    .results()
                    .forEach(shown -> assertTrue(labels.contains(shown.group(1)), summary));
        }
        assertTrue(names.size() > 20, names::toString);
    }

    @Test
    void shouldDrawWhatIsTold() throws IOException {
        JsonNode dashboard =
                JsonMapper.shared().readTree(Files.readString(EXAMPLES.resolve("dashboard.json")));
        int drawn = 0;

        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                labels(target.path("expr").asString(""));
                drawn++;
            }
        }
        for (JsonNode variable : dashboard.path("templating").path("list")) {
            labels(variable.path("query").path("query").asString(""));
        }
        assertTrue(drawn > 20, () -> "figures drawn in " + EXAMPLES);
    }

    /** That a query can show; every figure that it names is told, and has what it selects by. */
    private static Set<String> labels(String query) {
        Set<String> labels = new TreeSet<>(COMMON);
        for (MatchResult queried : QUERIED.matcher(query).results().toList()) {
            Metric metric = BY_NAME.get(queried.group(1));
            assertTrue(metric != null, () -> queried.group(1) + " in " + query);
            labels.addAll(metric.labels());
            String selected = queried.group(2) == null ? "" : queried.group(2);
            MATCHED.matcher(selected)
                    .results()
                    .map(match -> match.group(1))
                    .filter(label -> !COMMON.contains(label))
                    .forEach(label -> assertTrue(metric.labels().contains(label), query));
        }
        return labels;
    }
}
