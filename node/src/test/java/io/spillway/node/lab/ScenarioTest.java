package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScenarioTest {
    @TempDir Path directory;

    @Test
    void shouldFindScenariosByName() {
        assertEquals(
                List.of(Scenario.POWER_CUT, Scenario.RESTART_IN_RECOVERY),
                Scenario.named("power-cut,restart-in-recovery"));
        assertEquals(List.of(Scenario.values()), Scenario.named("all"));
    }

    @Test
    void shouldNameWhatIsNoScenario() {
        for (String wrong : List.of("", "power-cut,", "Power-Cut", "power-cut,nothing")) {
            Exception refusal =
                    assertThrows(IllegalArgumentException.class, () -> Scenario.named(wrong));
            assertTrue(refusal.getMessage().contains("restart-in-recovery"), refusal.getMessage());
        }
    }

    @Test
    void shouldPassOnlyWhereEveryValueHolds() {
        assertTrue(result(5_000, 0, "").passed());
        assertFalse(result(5_001, 0, "").passed());
        assertFalse(result(10, 1, "").passed());
        assertFalse(result(10, 0, "not in recovery").passed());
    }

    @Test
    void shouldSayWhatEachValueMustBe() {
        var result = new ScenarioResult.Builder("power-cut");
        result.atMost("a", 5, 5, "ms");
        result.exactly("b", 0, 0, "packets");
        result.between("c", 7, 8, 9, "ms");
        result.atLeast("d", 1e9, 10, "packets");

        List<ScenarioResult.Measured> measured = result.end("").measured();

        assertEquals(
                List.of("at most 5", "exactly 0", "8 to 9", "at least 10"),
                measured.stream().map(ScenarioResult.Measured::must).toList());
        assertEquals(
                List.of(true, true, false, true),
                measured.stream().map(ScenarioResult.Measured::holds).toList());
    }

    @Test
    void shouldReportToPeopleAndMachines() throws IOException {
        List<ScenarioResult> results = List.of(result(6_000, 0, ""), result(1, 0, ""));
        var text = new ByteArrayOutputStream();

        ScenarioRun.print(results, new PrintStream(text, true, StandardCharsets.UTF_8));
        Path file = directory.resolve("all.json");
        ScenarioRun.write(file, results);

        String printed = text.toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains("forwardingMs: 6000 ms (at most 5000)  <- missed"), printed);
        assertTrue(printed.endsWith("1 of 2 scenarios passed\n"), printed);
        JsonNode scenarios = new JsonMapper().readTree(file).path("scenarios");
        assertEquals("fail", scenarios.get(0).path("verdict").asString());
        assertEquals("pass", scenarios.get(1).path("verdict").asString());
        JsonNode measured = scenarios.get(0).path("measured").path("forwardingMs");
        assertEquals(6_000, measured.path("value").asDouble());
        assertEquals("ms", measured.path("unit").asString());
    }

    private static ScenarioResult result(double forwardingMs, double lost, String trouble) {
        var result = new ScenarioResult.Builder("power-cut");
        result.atMost("forwardingMs", forwardingMs, 5_000, "ms");
        result.exactly("lost", lost, 0, "packets");
        return result.end(trouble);
    }
}
