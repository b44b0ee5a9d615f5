package io.spillway.node.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells a scenario, and says what became of it. */
final class ScenarioRun {
    private static final JsonMapper JSON = new JsonMapper();

    private final Scenario scenario;
    private final LabOptions options;
    private final Path directory;
    private final Screen screen;

    /**
     * @param directory for configurations, logs and state while they run
     */
    ScenarioRun(Scenario scenario, LabOptions options, Path directory, Screen screen) {
        this.scenario = scenario;
        this.options = options;
        this.directory = directory.resolve(scenario.key());
        this.screen = screen;
    }

    /** In a lab that is built for it alone, and gone afterwards. */
    ScenarioResult tell() throws IOException, InterruptedException {
        screen.phase("scenario " + scenario.key());
        var result = new ScenarioResult.Builder(scenario.key());
        LabSetup setup = LabSetup.build(options, scenario.setting(), directory);
        try (setup) {
            ScenarioResult told = result.end(tell(setup, result));
            if (!told.passed()) System.err.println(setup.nodes().lastWords());
            return told;
        } finally {
            setup.network().remove();
        }
    }

    private String tell(LabSetup setup, ScenarioResult.Builder result)
            throws IOException, InterruptedException {
        try {
            Stage stage =
                    new Stage(setup, scenario.setting(), LabTimes.DEFAULT, options.calm(), screen);
            scenario.story().tell(stage, result);
            return "";
        } catch (LabException e) {
            return e.getMessage();
        }
    }

    static void print(List<ScenarioResult> results, PrintStream out) {
        out.println();
        for (ScenarioResult result : results) {
            String verdict = result.passed() ? "PASS" : "FAIL";
            out.printf(Locale.ROOT, "%s  %s, %.0f s%n", verdict, result.name(), result.seconds());
            for (ScenarioResult.Measured each : result.measured()) {
                out.println("        " + describe(each));
            }
            ReasonRow.lines(result.reasons()).forEach(out::println);
            if (!result.trouble().isEmpty()) {
                out.println("        " + result.trouble());
            }
        }
        long passed = results.stream().filter(ScenarioResult::passed).count();
        out.printf("%n%d of %d scenarios passed%n", passed, results.size());
    }

    private static String describe(ScenarioResult.Measured each) {
        String mark = each.holds() ? "" : "  <- missed";
        return String.format(
                Locale.ROOT,
                "%s: %.0f %s (%s)%s",
                each.name(),
                each.value(),
                each.unit(),
                each.must(),
                mark);
    }

    static void list(PrintStream out) {
        int width = 2;
        for (Scenario scenario : Scenario.values()) {
            width = Math.max(width, scenario.key().length());
        }
        for (Scenario scenario : Scenario.values()) {
            out.printf("%-" + width + "s  %s%n", scenario.key(), scenario.description());
        }
    }

    /** The report for machines. */
    static void write(Path file, List<ScenarioResult> results) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putArray("scenarios");
        for (ScenarioResult result : results) {
            ObjectNode node = list.addObject();
            node.put("name", result.name());
            node.put("verdict", result.passed() ? "pass" : "fail");
            node.put("seconds", Math.round(result.seconds() * 10) / 10.0);
            ObjectNode measured = node.putObject("measured");
            for (ScenarioResult.Measured each : result.measured()) {
                ObjectNode value = measured.putObject(each.name());
                value.put("value", each.value()).put("unit", each.unit());
                value.put("least", each.least());
                if (Double.isFinite(each.limit())) value.put("limit", each.limit());
            }
            if (!result.reasons().isEmpty()) {
                node.set("reasons", JSON.valueToTree(result.reasons()));
            }
            if (!result.trouble().isEmpty()) {
                node.put("trouble", result.trouble());
            }
        }
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        Files.writeString(file, text + "\n");
    }
}
