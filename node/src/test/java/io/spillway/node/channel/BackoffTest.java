package io.spillway.node.channel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff =
            new Backoff(
                    ChannelTiming.DEFAULT.backoffFirst(),
                    ChannelTiming.DEFAULT.backoffMax(),
                    new SplittableRandom(1));

    @Test
    void shouldDoubleUpToItsBoundWithJitter() {
        long[] fullMs = {100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000};

        for (long full : fullMs) {
            long waitMs = backoff.nextMs();
            assertTrue(waitMs >= full / 2 && waitMs <= full, waitMs + " of " + full);
        }
    }

    @Test
    void shouldStartOverAndSkipAhead() {
        backoff.exhaust();
        assertTrue(backoff.nextMs() >= 2500);

        backoff.reset();
        assertTrue(backoff.nextMs() <= 100);
    }
}
