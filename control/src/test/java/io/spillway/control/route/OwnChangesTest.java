package io.spillway.control.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnChangesTest {
    private static final long S = 1_000_000_000L;
    private static final PrefixSet OLD = prefixes("10.1.0.0/16", "10.2.0.0/16");
    private static final PrefixSet NEW = prefixes("10.2.0.0/16", "10.3.0.0/16");

    private final OwnChanges changes = new OwnChanges(OLD, 0);

    @Test
    void shouldSayWhatHasChangedSinceTheFreeze() {
        thawedFor(60);

        changes.update(NEW);

        assertEquals(prefixes("10.1.0.0/16"), changes.withdrawn());
        assertEquals(prefixes("10.3.0.0/16"), changes.announced());
    }

    /** Somebody may have pinned them between. */
    @Test
    void shouldSayWhatHasComeAndGoneAgain() {
        thawedFor(60);
        changes.update(NEW);
        changes.update(OLD);

        assertEquals(prefixes("10.3.0.0/16"), changes.withdrawn());
        assertEquals(prefixes("10.1.0.0/16"), changes.announced());
    }

    /** Others may not have heard yet of what we told a PoP a moment before. */
    @Test
    void shouldSayAgainWhatChangedShortlyBeforeIt() {
        thawedFor(60);
        changes.update(NEW);
        for (int second = 61; second < 70; second++) {
            changes.onThawed(second * S);
        }

        assertEquals(prefixes("10.1.0.0/16"), changes.withdrawn());
        assertEquals(prefixes("10.3.0.0/16"), changes.announced());
    }

    @Test
    void shouldForgetWhatChangedLongBeforeIt() {
        changes.update(NEW);
        thawedFor(20);

        assertEquals(PrefixSet.EMPTY, changes.withdrawn());
        assertEquals(PrefixSet.EMPTY, changes.announced());
    }

    private void thawedFor(int seconds) {
        for (int second = 0; second <= seconds; second++) {
            changes.onThawed(second * S);
        }
    }

    private static PrefixSet prefixes(String... texts) {
        return PrefixSet.of(Stream.of(texts).map(Prefix::parse).toList());
    }
}
