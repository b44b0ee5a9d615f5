package io.spillway.control.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.InternetConfig.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InternetMachineTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long GRACE_NS = RecoveryConfig.START_GRACE_NS;

    private final List<InternetAction> actions = new ArrayList<>();
    private InternetMachine machine = machine(true, 1, 2);
    private long nowNs = 77 * SECOND;

    @Test
    void shouldGoDirectlyWithTheLossOfTheCloudSinceTheWayIsReady() {
        attach();
        assertEquals(0, machine.link(), "ready beforehand");
        assertFalse(machine.isDirect());

        tell(new InternetEvent.CloudLost());

        assertEquals(InternetState.DIRECT, machine.state());
        assertTrue(machine.isDirect());
        assertEquals(List.of(new InternetAction.Move(InternetState.DIRECT)), moves());
    }

    @Test
    void shouldReturnAtOnceTheFirstTimeAndOnlyToAPopThatKnowsUs() {
        attach();
        tell(new InternetEvent.CloudLost());
        tell(new InternetEvent.ChannelLost());
        tell(new InternetEvent.CloudAlive());
        nowNs += 60 * SECOND;
        tell(new InternetEvent.Tick());
        assertEquals(InternetState.RETURNING, machine.state(), "it has told nothing");
        assertTrue(machine.isDirect());

        tell(new InternetEvent.PopTold());

        assertEquals(InternetState.CLOUD, machine.state());
    }

    @Test
    void shouldWaitLongerWithEachLossAndTrustAnewAfterALongTime() {
        attach();
        assertEquals(0, secondsUntilReturn());
        assertEquals(8, secondsUntilReturn());
        assertEquals(16, secondsUntilReturn());
        nowNs += 1024 * SECOND;
        assertEquals(0, secondsUntilReturn());
    }

    @Test
    void shouldEndTheWaitByHand() {
        attach();
        secondsUntilReturn();
        tell(new InternetEvent.CloudLost());
        tell(new InternetEvent.CloudAlive());
        assertTrue(machine.backoffRemainingNs(nowNs) > 7 * SECOND);

        tell(new InternetEvent.ReturnNow());

        assertEquals(InternetState.CLOUD, machine.state());
    }

    @Test
    void shouldStayCutOffWhereRecoveryIsOff() {
        machine = machine(false, 1, 1);
        attach();
        assertEquals(List.of(), leads(), "the kernel is left alone");
        tell(new InternetEvent.CloudLost());
        assertEquals(InternetState.CUT_OFF, machine.state());
        assertFalse(machine.isDirect());
        assertEquals(InternetMachine.NONE, machine.link());

        tell(new InternetEvent.CloudAlive());

        assertEquals(InternetState.CLOUD, machine.state());
    }

    @Test
    void shouldDecideNothingWhereThereIsNoSuchTraffic() {
        machine = new InternetMachine(InternetConfig.NONE, new SplittableRandom(1), nowNs);
        nowNs += 60 * SECOND;

        tell(new InternetEvent.Tick());
        tell(new InternetEvent.CloudAlive());
        tell(new InternetEvent.CloudLost());

        assertEquals(InternetState.START, machine.state());
        assertEquals(List.of(), actions);
    }

    @Test
    void shouldGoDirectlyAfterTheGraceOfAStartWithoutACloud() {
        tell(new InternetEvent.Tick());
        tell(new InternetEvent.Led(0, true));
        nowNs += GRACE_NS - 1;
        tell(new InternetEvent.Tick());
        assertEquals(InternetState.START, machine.state());
        nowNs++;
        tell(new InternetEvent.Tick());
        assertEquals(InternetState.DIRECT, machine.state());
    }

    @Test
    void shouldTakeAnotherLinkWhenItsOwnIsGoneAndTheBetterOneAgain() {
        attach();
        tell(new InternetEvent.CloudLost());

        tell(new InternetEvent.LinkUsable(0, false));
        assertEquals(InternetState.CUT_OFF, machine.state(), "the kernel is not ready");
        assertEquals(List.of(0, 1), leads());
        tell(new InternetEvent.Led(1, true));
        assertEquals(InternetState.DIRECT, machine.state());
        assertEquals(1, machine.link());

        tell(new InternetEvent.LinkUsable(0, true));
        assertEquals(1, machine.link(), "until the kernel is ready for the better one");
        tell(new InternetEvent.Led(0, true));
        assertEquals(0, machine.link());
        assertEquals(InternetState.DIRECT, machine.state());
    }

    @Test
    void shouldUseALinkOfLastResortOnlyWhereNoOtherIsThere() {
        machine = machine(true, 3, 2);
        attach();

        assertEquals(List.of(1), leads());
    }

    @Test
    void shouldChooseAmongEqualLinksAtRandomAnewWithEachEpisode() {
        machine = machine(true, 1, 1, 1);
        attach();
        TreeSet<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            secondsUntilReturn();
            tell(new InternetEvent.Tick());
            chosen.add(leads().getLast());
            tell(new InternetEvent.Led(leads().getLast(), true));
            nowNs += 1024 * SECOND;
        }

        assertEquals(new TreeSet<>(List.of(0, 1, 2)), chosen);
    }

    @Test
    void shouldStayWithALinkThroughAnEpisode() {
        machine = machine(true, 1, 1, 1);
        attach();
        int link = machine.link();
        tell(new InternetEvent.CloudLost());
        int other = link == 0 ? 1 : 0;

        tell(new InternetEvent.LinkUsable(other, false));
        tell(new InternetEvent.LinkUsable(other, true));

        assertEquals(link, machine.link());
        assertEquals(1, leads().size());
    }

    @Test
    void shouldTryAgainLaterWhatTheKernelRefused() {
        machine = machine(true, 1);
        tell(new InternetEvent.CloudAlive());
        tell(new InternetEvent.Led(0, false));
        tell(new InternetEvent.Tick());
        assertEquals(1, leads().size());

        nowNs += InternetMachine.LEAD_RETRY_NS;
        tell(new InternetEvent.Tick());
        assertEquals(2, leads().size());

        tell(new InternetEvent.Led(0, false));
        tell(new InternetEvent.LinkUsable(0, true));
        assertEquals(3, leads().size(), "a default route came");
    }

    /** Whatever happens: a way only by a usable link that is led; direct only where it is on. */
    @Test
    void shouldKeepTheRulesWhateverHappens() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int run = 0; run < 300; run++) {
            boolean isEnabled = random.nextInt(4) > 0;
            machine = machine(isEnabled, 1, random.nextInt(1, 4));
            boolean[] isUsable = {true, true};
            boolean isAlive = false;
            for (int i = 0; i < 200; i++) {
                nowNs += random.nextLong(random.nextInt(10) == 0 ? 20 * SECOND : SECOND / 10);
                int link = random.nextInt(2);
                InternetEvent event = event(random, link);
                isAlive = event instanceof InternetEvent.CloudAlive || isAlive;
                isAlive &= !(event instanceof InternetEvent.CloudLost);
                if (event instanceof InternetEvent.LinkUsable change) {
                    isUsable[link] = change.isUsable();
                }
                tell(event);
                int now = machine.link();
                String what = "seed " + seed + " run " + run + " event " + i + " " + event;
                assertTrue(now == InternetMachine.NONE || isEnabled && isUsable[now], what);
                assertTrue(!machine.isDirect() || now != InternetMachine.NONE, what);
                boolean isOfCloud =
                        machine.state() == InternetState.CLOUD
                                || machine.state() == InternetState.RETURNING;
                assertTrue(!isOfCloud || isAlive, what);
            }
        }
    }

    private static InternetEvent event(SplittableRandom random, int link) {
        return switch (random.nextInt(8)) {
            case 0 -> new InternetEvent.CloudAlive();
            case 1 -> new InternetEvent.CloudLost();
            case 2 -> new InternetEvent.PopTold();
            case 3 -> new InternetEvent.ChannelLost();
            case 4 -> new InternetEvent.LinkUsable(link, random.nextBoolean());
            case 5 -> new InternetEvent.Led(link, random.nextInt(4) > 0);
            case 6 -> new InternetEvent.ReturnNow();
            default -> new InternetEvent.Tick();
        };
    }

    /** In the cloud, known to the PoP, the kernel ready. */
    private void attach() {
        tell(new InternetEvent.CloudAlive());
        tell(new InternetEvent.PopTold());
        leads().forEach(link -> tell(new InternetEvent.Led(link, true)));
    }

    /** From the cloud's coming until the return, after a loss. */
    private long secondsUntilReturn() {
        tell(new InternetEvent.CloudLost());
        tell(new InternetEvent.CloudAlive());
        long startNs = nowNs;
        while (machine.state() != InternetState.CLOUD) {
            nowNs += SECOND / 10;
            tell(new InternetEvent.Tick());
        }
        return (nowNs - startNs) / SECOND;
    }

    private void tell(InternetEvent event) {
        actions.addAll(machine.on(event, nowNs));
    }

    /** But for the first, to the cloud. */
    private List<InternetAction> moves() {
        return actions.stream()
                .filter(InternetAction.Move.class::isInstance)
                .filter(move -> !move.equals(new InternetAction.Move(InternetState.CLOUD)))
                .toList();
    }

    private List<Integer> leads() {
        return actions.stream()
                .filter(InternetAction.Lead.class::isInstance)
                .map(lead -> ((InternetAction.Lead) lead).link())
                .toList();
    }

    private InternetMachine machine(boolean isEnabled, int... precedences) {
        List<Candidate> candidates = new ArrayList<>();
        for (int precedence : precedences) {
            int link = candidates.size();
            candidates.add(new Candidate(link, "wan" + link, precedence));
        }
        var config =
                new InternetConfig(
                        true, isEnabled, candidates, GRACE_NS, ReturnBackoff.Config.DEFAULT);
        return new InternetMachine(config, new SplittableRandom(4), 77 * SECOND);
    }
}
