package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.fib.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteSummariesTest {
    private static final Prefix WIDE = Prefix.parse("10.0.0.0/8");
    private static final Prefix NARROW = Prefix.parse("10.2.0.0/16");
    private static final Prefix FIRST = Prefix.parse("10.2.0.0/24");
    private static final Prefix SECOND = Prefix.parse("10.3.0.0/24");

    private final RouteSummaries summaries = new RouteSummaries(List.of(WIDE, NARROW));

    @Test
    void shouldTellASummaryAsLongAsASitesRouteLiesInside() {
        assertFalse(summaries.isTold(WIDE));

        assertEquals(List.of(WIDE, NARROW), summaries.note(FIRST, true));
        assertEquals(List.of(), summaries.note(FIRST, true));
        assertEquals(List.of(), summaries.note(SECOND, true));
        assertEquals(List.of(NARROW), summaries.note(FIRST, false));
        assertTrue(summaries.isTold(WIDE));
        assertFalse(summaries.isTold(NARROW));
        assertEquals(List.of(WIDE), summaries.note(SECOND, false));
        assertEquals(List.of(), summaries.note(SECOND, false));
    }

    @Test
    void shouldNotTakeASummaryForARouteInsideItself() {
        assertEquals(List.of(), summaries.note(WIDE, true));
        assertEquals(List.of(WIDE), summaries.note(NARROW, true));
        assertFalse(summaries.isTold(NARROW));
        assertFalse(summaries.isTold(FIRST));
    }
}
