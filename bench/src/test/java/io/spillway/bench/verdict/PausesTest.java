package io.spillway.bench.verdict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.bench.jvm.Pause;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PausesTest {
    @Test
    void shouldLeaveOutOneInAThousand() {
        List<Pause> pauses =
                LongStream.rangeClosed(1, 2000)
                        .mapToObj(ms -> new Pause("Collect", ms * 1_000_000))
                        .toList();

        assertEquals(1998, new Pauses(pauses).highMs());
        assertEquals(2000, new Pauses(pauses.subList(1500, 2000)).highMs());
        assertEquals(0, new Pauses(List.of()).highMs());
    }

    @Test
    void shouldSayWhatTheLongestWasFor() {
        Pauses pauses =
                new Pauses(
                        List.of(
                                new Pause("Collect", 25_900_000),
                                new Pause("Collect", 900_000),
                                new Pause("Deoptimize", 600_000)));

        assertEquals(
                """
                pauses: 3
                   0.5 .. 1.0 ms       2
                  20.0 .. more         1
                  longest 25.900 ms: Collect
                """,
                pauses.text());
    }
}
