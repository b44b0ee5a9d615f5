package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class DirectionTest {
    @Test
    void shouldJoinAllPairsOfAFewSitesAndARingOfMany() {
        int[] expected = {6, 12, 10, 12, 14, 16};
        for (int sites = LabSite.COUNT_MIN; sites <= LabSite.COUNT_MAX; sites++) {
            List<Direction> directions = Direction.among(LabSite.first(sites));

            assertEquals(expected[sites - LabSite.COUNT_MIN], directions.size());
            for (Direction direction : directions) {
                assertTrue(directions.contains(new Direction(direction.to(), direction.from())));
            }
        }
    }

    @Test
    void shouldRefuseANumberOfSitesItHasNoNamesFor() {
        assertThrows(IllegalArgumentException.class, () -> LabSite.first(1));
        assertThrows(IllegalArgumentException.class, () -> LabSite.first(9));
    }
}
