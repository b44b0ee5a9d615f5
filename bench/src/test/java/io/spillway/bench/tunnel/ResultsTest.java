package io.spillway.bench.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.bench.Environment;
import io.spillway.bench.tunnel.contender.Contender;
import io.spillway.bench.tunnel.contender.Wan;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ResultsTest {
    private final List<Contender> contenders =
            List.of(
                    named("kernel", false),
                    named("spillway-ipsecmb", true),
                    named("a", false),
                    named("b", false));
    private final Results results = new Results(contenders);

    private static Contender named(String name, boolean isOurs) {
        return new Contender(name, isOurs, List.of(), List.of(), null);
    }

    private void add(String tunnel, Metric metric, double... values) {
        for (double value : values) {
            results.add(tunnel, Wan.VETH, Map.of(metric, value));
        }
    }

    @Test
    void shouldTakeTheMedianOfRounds() {
        add("a", Metric.TCP1_GBPS, 3, 1, 2);
        add("b", Metric.TCP1_GBPS, 4, 1);

        assertEquals(2, results.median("a", Wan.VETH, Metric.TCP1_GBPS).getAsDouble());
        assertEquals(2.5, results.median("b", Wan.VETH, Metric.TCP1_GBPS).getAsDouble());
        assertTrue(results.median("a", Wan.HONEST, Metric.TCP1_GBPS).isEmpty());
    }

    @Test
    void shouldFindTheBestOtherWhicheverWayIsBetter() {
        for (Metric metric : List.of(Metric.TCP1_GBPS, Metric.RTT_P50_US)) {
            add("kernel", metric, 100);
            add("spillway-ipsecmb", metric, 50);
            add("a", metric, 5);
            add("b", metric, 7);
        }

        assertEquals(7, results.bestOther(Wan.VETH, Metric.TCP1_GBPS).getAsDouble());
        assertEquals(5, results.bestOther(Wan.VETH, Metric.RTT_P50_US).getAsDouble());
        assertTrue(results.bestOther(Wan.HONEST, Metric.TCP1_GBPS).isEmpty());
    }

    @Test
    void shouldPrintFiguresAndRatios() {
        add("kernel", Metric.TCP1_GBPS, 16);
        add("spillway-ipsecmb", Metric.TCP1_GBPS, 8);
        add("b", Metric.TCP1_GBPS, 2);

        String table = new ResultTable(results, EnumSet.of(Metric.TCP1_GBPS)).text(Wan.VETH);

        assertTrue(table.contains("tcp1_gbps"), table);
        assertTrue(table.matches("(?s).*ipsecmb : other +4\\.00x\n.*"), table);
        assertTrue(table.matches("(?s).*ipsecmb : kernel +0\\.50x\n.*"), table);
    }

    @Test
    void shouldReportAsPromised() throws IOException {
        add("b", Metric.UDP64_NDR_KPPS, 100, 110, 90);
        results.fail("a", Wan.HONEST, "no device");

        JsonNode report =
                ResultJson.of(
                        new Environment("x", 2, "6.1", "25", "2026", 0.1), options(), results);

        JsonNode row = report.path("rows").get(0);
        assertEquals("b", row.path("tunnel").asString());
        assertEquals("veth", row.path("wan").asString());
        assertEquals("udp64_ndr_kpps", row.path("metric").asString());
        assertEquals(100, row.path("median").asDouble());
        assertEquals(3, row.path("values").size());
        assertEquals("kpps", row.path("unit").asString());
        assertEquals(2, report.path("environment").path("cores").asInt());
        assertEquals("no device", report.path("failures").path("a, honest").asString());
    }

    @Test
    void shouldDrawABarForEachFigure() {
        add("kernel", Metric.TCP1_GBPS, 16);
        add("b", Metric.TCP1_GBPS, 2);

        String svg = new ResultChart(results, options()).text();

        assertEquals(3, svg.split("<rect").length);
        assertTrue(svg.contains("prefers-color-scheme: dark"));
        assertFalse(svg.contains("NaN"));
    }

    private TunnelOptions options() {
        return new TunnelOptions(contenders, List.of(Wan.VETH), EnumSet.allOf(Metric.class), 3, 3);
    }
}
