package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();

    @Test
    void shouldGiveEverySiteItsTurn() {
        NavigableSet<Long> sites = new TreeSet<>(List.of(1L, 2L, 3L, 4L, 5L));

        assertEquals(Set.of(1L, 2L), turns.next(sites, 2));
        assertEquals(Set.of(3L, 4L), turns.next(sites, 2));
        assertEquals(Set.of(5L, 1L), turns.next(sites, 2));
        sites.remove(2L);
        assertEquals(Set.of(3L, 4L), turns.next(sites, 2));
    }

    @Test
    void shouldGiveAllTheirTurnAtOnceWhereTheyAreFew() {
        NavigableSet<Long> sites = new TreeSet<>(List.of(7L, -1L));

        assertEquals(Set.of(7L, -1L), turns.next(sites, 2));
        assertEquals(Set.of(7L, -1L), turns.next(sites, 2));
        assertEquals(Set.of(), turns.next(new TreeSet<>(), 2));
    }
}
