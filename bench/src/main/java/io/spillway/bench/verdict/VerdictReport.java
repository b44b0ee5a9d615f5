package io.spillway.bench.verdict;

import io.spillway.bench.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** All judgements, for people and for machines. */
final class VerdictReport {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String LINE = "%-28s%-24s%-38s%8s  %s%n";

    private final List<Line> lines = new ArrayList<>();

    private record Line(Must must, Judgement judgement) {}

    VerdictReport(List<Must> musts, Evidence evidence) {
        musts.forEach(must -> lines.add(new Line(must, must.judge().apply(evidence))));
    }

    boolean hasFailed() {
        return lines.stream()
                .anyMatch(
                        line ->
                                line.judgement().state() == Judgement.State.FAIL
                                        || line.judgement().state() == Judgement.State.MISSING);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(LINE.formatted("", "MUST", "MEASURED", "RATIO", "").stripTrailing());
        text.append('\n');
        for (Line line : lines) {
            Judgement judgement = line.judgement();
            text.append(
                    LINE.formatted(
                            line.must().name(),
                            line.must().demand(),
                            judgement.measured(),
                            Double.isNaN(judgement.ratio())
                                    ? "-"
                                    : Judgement.figure(judgement.ratio()),
                            judgement.state()));
        }
        return text.append(summary()).toString();
    }

    private String summary() {
        long passed =
                lines.stream()
                        .filter(line -> line.judgement().state() == Judgement.State.PASS)
                        .count();
        boolean isShort =
                lines.stream().anyMatch(line -> line.judgement().state() == Judgement.State.SHORT);
        String note = isShort ? "; SHORT: too short to count, --soak 1h --cuts 100 is not" : "";
        return "%d of %d passed%s%n".formatted(passed, lines.size(), note);
    }

    void write(Path file, Environment environment) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.set("environment", JSON.valueToTree(environment));
        report.put("passed", !hasFailed());
        ArrayNode rows = report.putArray("rows");
        for (Line line : lines) {
            ObjectNode row = rows.addObject();
            row.put("name", line.must().name()).put("must", line.must().demand());
            row.put("measured", line.judgement().measured());
            if (!Double.isNaN(line.judgement().ratio())) row.put("ratio", line.judgement().ratio());
            row.put("state", line.judgement().state().name());
        }
        Files.writeString(file, JSON.writeValueAsString(report) + "\n");
    }
}
