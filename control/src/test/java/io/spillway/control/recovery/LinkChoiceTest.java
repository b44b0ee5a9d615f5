package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.LinkChoice.Candidate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LinkChoiceTest {
    private final LinkChoice choice = new LinkChoice(new SplittableRandom(1));

    @Test
    void shouldChooseAtRandomPerSiteAmongActiveLinks() {
        List<Candidate> alive = List.of(new Candidate(1, 1, 1), new Candidate(2, 1, 1));
        Set<Integer> chosen = new HashSet<>();

        for (long site = 1; site <= 100; site++) {
            int tunnel = choice.choose(site, alive);
            chosen.add(tunnel);
            for (int again = 0; again < 10; again++) {
                assertEquals(tunnel, choice.choose(site, alive), "sticky");
            }
        }

        assertEquals(Set.of(1, 2), chosen);
    }

    @Test
    void shouldUseTheActiveLinkAndThePassiveOneOnlyWithoutIt() {
        Candidate active = new Candidate(1, 1, 2);
        Candidate passive = new Candidate(2, 2, 1);

        assertEquals(1, choice.choose(7, List.of(passive, active)));
        assertEquals(2, choice.choose(7, List.of(passive)));
        assertEquals(2, choice.choose(7, List.of(passive, active)), "flows do not wander");
        choice.forget(7);
        assertEquals(1, choice.choose(7, List.of(passive, active)));
    }

    @Test
    void shouldSayWhenNoTunnelLives() {
        assertEquals(LinkChoice.NONE, choice.choose(7, List.of()));
        assertTrue(choice.chosen(7) == LinkChoice.NONE);
    }
}
