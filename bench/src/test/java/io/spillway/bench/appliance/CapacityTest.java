package io.spillway.bench.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private static final Capacity HERE = new Capacity(5, 150, 8, 400);

    @Test
    void shouldBeReachedWhenBothWereSeen() {
        assertEquals(Capacity.Standing.REACHED, HERE.standing(new ApplianceClass.Demand(5, 150)));
    }

    @Test
    void shouldNotTakeBitsForPackets() {
        ApplianceClass.Demand manyPackets = new ApplianceClass.Demand(2, 320);

        assertEquals(Capacity.Standing.EXTRAPOLATED, HERE.standing(manyPackets));
        assertEquals("extrapolated: 0.8 of a core", ApplianceTable.standing(HERE, manyPackets));
    }

    @Test
    void shouldNotExtrapolateBeyondOneCore() {
        ApplianceClass.Demand large = new ApplianceClass.Demand(15.4, 1500);

        assertEquals(Capacity.Standing.NOT_SHOWN, HERE.standing(large));
        assertEquals("not shown: 3.8 cores a site", ApplianceTable.standing(HERE, large));
    }

    @Test
    void shouldTakeTheMedianOfEachFigure() {
        List<Map<Integer, Capacity>> rounds =
                List.of(
                        Map.of(1300, new Capacity(1, 30, 5, 7)),
                        Map.of(1300, new Capacity(2, 10, 6, 9)),
                        Map.of(1300, new Capacity(3, 20, 4, 8)));

        assertEquals(Map.of(1300, new Capacity(2, 20, 5, 8)), AppliancesCommand.medians(rounds));
        assertEquals(
                new Capacity(1.5, 20, 5.5, 8),
                AppliancesCommand.medians(rounds.subList(0, 2)).get(1300));
    }

    @Test
    void shouldShowEveryClass() {
        String text = ApplianceTable.text(Map.of(1300, HERE, 1450, HERE));

        ApplianceClass.ALL.forEach(each -> assertTrue(text.contains(each.name()), text));
    }
}
