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
    private final LinkChoice choice =
            new LinkChoice(LinkChoice.Mode.RANDOM, new SplittableRandom(1));

    @Test
    void shouldChooseAtRandomPerSiteAmongActiveLinks() {
        List<Candidate> alive = List.of(candidate(1, 1, 1), candidate(2, 1, 1));
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
    void shouldChooseTheCheapestWhereTheBestIsWanted() {
        LinkChoice best = new LinkChoice(LinkChoice.Mode.BEST, new SplittableRandom(1));
        Candidate slow = new Candidate(1, LinkRank.of(1, 1, false), 80);
        Candidate fast = new Candidate(2, LinkRank.of(1, 1, false), 20);
        Candidate unknown = new Candidate(3, LinkRank.of(1, 1, false), Long.MAX_VALUE);

        assertEquals(2, best.choose(7, List.of(slow, unknown, fast)));
        assertEquals(1, best.choose(7, List.of(slow, unknown)), "it died");
        assertEquals(1, best.choose(7, List.of(slow, unknown, fast)), "flows do not wander");
    }

    @Test
    void shouldUseTheActiveLinkWhileItMeetsTheFloor() {
        Candidate active = candidate(1, 1, 2);
        Candidate below = new Candidate(1, LinkRank.of(1, 2, true), 0);
        Candidate passive = candidate(2, 2, 1);

        assertEquals(1, choice.choose(7, List.of(passive, active)));
        assertEquals(2, choice.choose(7, List.of(passive, below)));
        assertEquals(1, choice.choose(7, List.of(passive, active)));
        assertEquals(2, choice.choose(7, List.of(passive)));
        assertEquals(2, choice.choose(7, List.of(passive, below)), "it has just come back");
        assertEquals(1, choice.choose(7, List.of(passive, active)));
        assertEquals(1, choice.choose(7, List.of(below)), "better than nothing");
    }

    @Test
    void shouldUseTheLastResortOnlyWhereNothingElseLives() {
        Candidate below = new Candidate(1, LinkRank.of(1, 1, true), 0);
        Candidate ours = candidate(2, 3, 1);
        Candidate theirs = candidate(3, 1, 3);

        assertEquals(1, choice.choose(7, List.of(ours, below, theirs)));
        assertEquals(3, choice.choose(8, List.of(ours, theirs)));
    }

    @Test
    void shouldKeepARelayedTunnelUntilItIsForgotten() {
        Candidate relayed = new Candidate(1, LinkRank.RELAYED, 0);
        Candidate direct = candidate(2, 3, 3);

        assertEquals(1, choice.choose(7, List.of(relayed)));
        assertEquals(1, choice.choose(7, List.of(relayed, direct)));
        choice.forget(7);
        assertEquals(2, choice.choose(7, List.of(relayed, direct)));
    }

    @Test
    void shouldSayWhenNoTunnelLives() {
        assertEquals(LinkChoice.NONE, choice.choose(7, List.of()));
        assertTrue(choice.chosen(7) == LinkChoice.NONE);
    }

    private static Candidate candidate(int tunnel, int local, int remote) {
        return new Candidate(tunnel, LinkRank.of(local, remote, false), 0);
    }
}
