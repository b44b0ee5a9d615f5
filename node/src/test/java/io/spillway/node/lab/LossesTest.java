package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LossesTest {
    private static final List<LabSite> SITES = LabSite.first(3);
    private static final Direction TO_LONDON = new Direction(SITES.get(0), SITES.get(1));
    private static final Direction TO_MADRID = new Direction(SITES.get(0), SITES.get(2));

    @Test
    void shouldSumUpSomeDirections() {
        Losses losses = losses();

        Losses some = losses.of(direction -> direction.touches(SITES.get(2)));

        assertEquals(14, losses.lost());
        assertEquals(186, losses.arrived());
        assertEquals(4, some.lost());
        assertEquals(96, some.arrived());
        assertEquals(30, losses.outageMs());
        assertEquals(4, some.outageMs());
    }

    @Test
    void shouldMeasureEachDirectionsOutage() {
        var result = new ScenarioResult.Builder("one-sided-loss");

        losses().measureOutages(result, 20);

        List<ScenarioResult.Measured> measured = result.end("").measured();
        assertEquals("outageMs berlin>london", measured.getFirst().name());
        assertEquals(
                List.of(false, true),
                measured.stream().map(ScenarioResult.Measured::holds).toList());
    }

    private static Losses losses() {
        Map<Direction, StreamLoss> losses = new LinkedHashMap<>();
        losses.put(TO_LONDON, new StreamLoss(100, 10, 30_000_000));
        losses.put(TO_MADRID, new StreamLoss(100, 4, 2_000_000));
        return new Losses(losses);
    }
}
