package io.spillway.bench.tunnel;

import io.spillway.bench.Environment;
import io.spillway.bench.tunnel.contender.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The figures for machines. */
final class ResultJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultJson() {}

    static void write(Path file, Environment environment, TunnelOptions options, Results results)
            throws IOException {
        Files.writeString(file, JSON.writeValueAsString(of(environment, options, results)) + "\n");
    }

    static ObjectNode of(Environment environment, TunnelOptions options, Results results)
            throws IOException {
        ObjectNode report = JSON.createObjectNode();
        ObjectNode where = report.putObject("environment");
        where.setAll((ObjectNode) JSON.valueToTree(environment));
        where.put("rounds", options.rounds()).put("seconds", options.seconds());
        ObjectNode versions = where.putObject("versions");
        for (Contender contender : results.contenders()) {
            String version = contender.version();
            if (!version.isEmpty()) versions.put(contender.name(), version);
        }
        ArrayNode rows = report.putArray("rows");
        for (Row row : results.rows()) {
            ObjectNode node = rows.addObject();
            node.put("tunnel", row.tunnel());
            node.put("wan", row.wan().label());
            node.put("metric", row.metric().label());
            node.put("median", row.median());
            ArrayNode values = node.putArray("values");
            row.values().forEach(values::add);
            node.put("unit", row.metric().unit());
        }
        ObjectNode failures = report.putObject("failures");
        results.failures().forEach(failures::put);
        return report;
    }
}
