package io.spillway.node.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A daemon's JSON for people. Plain values come first, as "name value"; an object below gets its
 * own heading, a list of objects becomes a table. No control character reaches the terminal.
 */
final class AnswerText {

    private static final String NOTHING = "-";

    private final StringBuilder text = new StringBuilder();

    static String of(JsonNode answer) {
        AnswerText writer = new AnswerText();
        writer.section("", answer);
        return writer.text.toString();
    }

    private void section(String title, JsonNode node) {
        if (isTable(node)) {
            heading(title);
            text.append(table(node));
            return;
        }
        List<List<String>> plain = new ArrayList<>();
        node.properties().stream()
                .filter(entry -> isPlain(entry.getValue()))
                .forEach(
                        entry -> plain.add(List.of(words(entry.getKey()), cell(entry.getValue()))));
        if (!plain.isEmpty() || !node.isObject()) {
            heading(title);
            text.append(node.isObject() ? TextTable.of(plain) : cell(node) + "\n");
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!isPlain(entry.getValue())) {
                String below = words(entry.getKey());
                section(title.isEmpty() ? below : title + ", " + below, entry.getValue());
            }
        }
    }

    private void heading(String title) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        if (!title.isEmpty()) {
            text.append(title).append(":\n");
        }
    }

    private static String table(JsonNode rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.propertyNames()));
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns.stream().map(c -> words(c).toUpperCase(Locale.ROOT)).toList());
        for (JsonNode row : rows) {
            lines.add(columns.stream().map(column -> cell(row.get(column))).toList());
        }
        return TextTable.of(lines);
    }

    private static boolean isTable(JsonNode node) {
        return node.isArray()
                && !node.isEmpty()
                && node.values().stream().allMatch(JsonNode::isObject);
    }

    private static boolean isPlain(JsonNode node) {
        return node.isContainer() && node.isEmpty() || !node.isObject() && !isTable(node);
    }

    private static String cell(JsonNode value) {
        if (value == null || value.isNull() || value.isContainer() && value.isEmpty()) {
            return NOTHING;
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "yes" : "no";
        }
        if (value.isArray()) {
            return value.values().stream().map(AnswerText::cell).collect(Collectors.joining(", "));
        }
        if (value.isObject()) {
            return value.properties().stream()
                    .map(entry -> words(entry.getKey()) + " " + cell(entry.getValue()))
                    .collect(Collectors.joining(", "));
        }
        return value.asString().replaceAll("\\p{Cntrl}", "?");
    }

    /** "longestGapMs" as "longest gap ms". */
    private static String words(String key) {
        return key.replaceAll("\\p{Cntrl}", "?")
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
