package io.spillway.control.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Stories as lines: <i>time in ms, what happens</i>, and what the site was told to do. Nodes are
 * digits: 0 and 1 of the PoP that is preferred, 2 and 3 of another one, 4 of a third.
 */
class PopChoiceTest {
    private static final long MS = 1_000_000L;
    private static final List<String> NAMES = List.of("a", "a", "b", "b", "c");
    private static final long RETRY_MS = 60_000;

    private final PopChoice choice = choice(NAMES);
    private final List<String> done = new ArrayList<>();
    private long nowMs;

    private static PopChoice choice(List<String> names) {
        var config = PopChoice.Config.retrying(RETRY_MS * MS);
        return new PopChoice(names, config, new SplittableRandom(1), 0);
    }

    /** Alive from the start at that node, whatever it was that led there. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the first of the list lives
                "alive 0; +100000                  | ''",
                // it does not: it has 3 s, then each other one 5 s, then a pause, and again
                "+2900                             | ''",
                "+3100                             | open 1",
                "+3100; +5000                      | open 1 close 1 open 2",
                "+3100; +5000; +5000; +5000; +5000 | open 1 close 1 open 2 close 2 open 3 close 3"
                        + " open 4 close 4",
                "+3100; alive 1                    | open 1 use 1 channel 1 close 0 changed 0 1",
                // a loss: another node of the PoP first, soon but not at once
                "alive 0; alive; +900              | ''",
                "alive 0; alive; +1600             | open 1",
                "alive 0; alive; +1600; alive 0    | open 1 close 1",
                "alive 0; alive; +1600; +5000      | open 1 close 1 open 2",
                "alive 0; alive; +1600; alive 1    | open 1 use 1 channel 1 close 0 changed 0 1",
                // the same PoP's nodes are equals: nobody goes back to the first
                "+3100; alive 1; alive 1; +200000  | open 1 use 1 channel 1 close 0 changed 0 1",
                // a node that drains is left for the next one, once that has told all
                "alive 0; drain 0                  | open 1",
                "alive 0; drain 0; alive 0 1       | open 1 channel 1",
                "alive 0; drain 0; alive 0 1; told 1" + " | open 1 channel 1 use 1 changed 0 1",
                "alive 0; drain 0; alive 0 1; told 1; +11000"
                        + " | open 1 channel 1 use 1 changed 0 1 close 0",
                // what another node's channel tells is nothing to it
                "alive 0; drain 0; alive 0 1; told 0 | open 1 channel 1",
                // the target does not come, or does not speak, or drains too, or dies
                "alive 0; drain 0; +5100           | open 1 close 1 open 2",
                "alive 0; drain 0; alive 0 1; +10100"
                        + " | open 1 channel 1 channel 0 close 1 open 2",
                "alive 0; drain 0; alive 0 1; drain 1"
                        + " | open 1 channel 1 channel 0 close 1 open 2",
                "alive 0; drain 0; alive 0 1; alive 0"
                        + " | open 1 channel 1 channel 0 close 1 open 2",
                // the node in use dies meanwhile
                "alive 0; drain 0; alive 0 1; alive 1"
                        + " | open 1 channel 1 use 1 close 0 changed 0 1",
                "alive 0; drain 0; alive; alive 1  | open 1 use 1 channel 1 close 0 changed 0 1",
                // both die: the channel comes back, and the others follow in order
                "alive 0; drain 0; alive 0 1; alive | open 1 channel 1 channel 0",
                "alive 0; drain 0; alive 0 1; alive; alive 0"
                        + " | open 1 channel 1 channel 0 close 1",
                "alive 0; drain 0; alive 0 1; alive; alive 1"
                        + " | open 1 channel 1 channel 0 use 1 channel 1 close 0 changed 0 1",
                "alive 0; drain 0; alive 0 1; alive; +5000; +5000; alive 3"
                        + " | open 1 channel 1 channel 0 close 1 open 2 close 2 open 3"
                        + " use 3 channel 3 close 0 changed 0 3",
                // where all drain, the site stays
                "alive 0; drain 1; drain 2; drain 3; drain 4; drain 0; +30000 | ''",
                // one that drains is the last to be tried after a loss
                "alive 0; drain 1; alive; +1600    | open 2",
            })
    void shouldDoAsTheTableSays(String story, String expected) {
        tell(story);

        assertEquals(expected, String.join(" ", done));
    }

    @Test
    void shouldComeBackToThePreferredPopAfterAWhile() {
        attachTo2();

        tell("+59000");
        assertEquals(List.of(), done);
        tell("+1100");
        assertEquals(List.of("open 0"), done);
        tell("alive 2 0; told 0");

        assertEquals(PopChoice.State.ATTACHED, choice.state());
        assertEquals(List.of("open 0", "channel 0", "use 0", "changed 2 0"), done);
    }

    @Test
    void shouldStayWhereItIsWhenThePreferredPopDoesNotCome() {
        attachTo2();

        tell("+60100; +5000; +5000; +40000");

        assertEquals(List.of("open 0", "close 0", "open 1", "close 1"), done);
        assertEquals(2, choice.inUse());
        tell("+10100");
        assertEquals("open 0", done.getLast());
    }

    /** Lost again soon after the return: it is tried half as often each time. */
    @Test
    void shouldNotGoToAndFro() {
        attachTo2();
        for (long waitMs : new long[] {60_000, 120_000, 240_000}) {
            done.clear();
            tell("+" + (waitMs - 1000));
            assertEquals(List.of(), done, "before " + waitMs);
            tell("+1100; alive 2 0; told 0; alive 0; +11000");
            assertEquals(0, choice.inUse());
            tell("alive; +1600; +5000; alive 2");
            assertEquals(2, choice.inUse());
        }
    }

    @Test
    void shouldFallBackOnTheTunnelsThatLinger() {
        tell("alive 0; drain 0; alive 0 1; told 1");
        done.clear();

        tell("alive 0");

        assertEquals(List.of("use 0", "channel 0", "close 1", "changed 1 0"), done);
    }

    @Test
    void shouldDoNothingWhereThereIsNoOther() {
        PopChoice alone = choice(List.of("a"));

        assertEquals(
                List.of(new PopAction.Open(0), new PopAction.Use(0), new PopAction.Channel(0)),
                alone.start());
        assertEquals(List.of(), alone.onTick(20_000 * MS));
        assertEquals(List.of(), alone.onAlive(List.of(0), 20_001 * MS));
        assertEquals(List.of(), alone.onDrain(0, 20_002 * MS));
        assertEquals(List.of(), alone.onAlive(List.of(), 20_003 * MS));
        assertEquals(List.of(), alone.onTick(200_000 * MS));
        assertEquals(0, alone.retryRemainingNs(0));
    }

    /** By way of a loss of both nodes of the preferred PoP. */
    private void attachTo2() {
        tell("alive 0; alive; +1600; +5000; alive 2");
        assertEquals(2, choice.inUse());
        done.clear();
    }

    private void tell(String story) {
        for (String line : story.split(";")) {
            List<String> words = Arrays.asList(line.trim().split(" "));
            List<Integer> nodes = words.stream().skip(1).map(Integer::parseInt).toList();
            switch (words.getFirst()) {
                case "alive" -> note(choice.onAlive(nodes, nowMs * MS));
                case "drain" -> note(choice.onDrain(nodes.getFirst(), nowMs * MS));
                case "told" -> note(choice.onStateTold(nodes.getFirst(), nowMs * MS));
                default -> {
                    nowMs += Long.parseLong(words.getFirst().substring(1));
                    note(choice.onTick(nowMs * MS));
                }
            }
        }
    }

    private void note(List<PopAction> actions) {
        for (PopAction action : actions) {
            switch (action) {
                case PopAction.Open open -> done.add("open " + open.node());
                case PopAction.Close close -> done.add("close " + close.node());
                case PopAction.Use use -> done.add("use " + use.node());
                case PopAction.Channel to -> done.add("channel " + to.node());
                case PopAction.Changed it -> done.add("changed " + it.from() + " " + it.to());
                case PopAction.Log _ -> {}
            }
        }
    }
}
