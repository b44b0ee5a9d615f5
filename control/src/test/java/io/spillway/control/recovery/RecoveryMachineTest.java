package io.spillway.control.recovery;

import static io.spillway.control.recovery.Site1.A;
import static io.spillway.control.recovery.Site1.B;
import static io.spillway.control.recovery.Site1.MS;
import static io.spillway.control.recovery.Site1.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryAction.CheckReturnPath;
import io.spillway.control.recovery.RecoveryAction.ForgetPeer;
import io.spillway.control.recovery.RecoveryAction.FreezePeer;
import io.spillway.control.recovery.RecoveryAction.FreezeRoutes;
import io.spillway.control.recovery.RecoveryAction.MarkRoutesStale;
import io.spillway.control.recovery.RecoveryAction.MovePeer;
import io.spillway.control.recovery.RecoveryAction.ReprobePeers;
import io.spillway.control.recovery.RecoveryAction.RequestState;
import io.spillway.control.recovery.RecoveryAction.ReturnPeer;
import io.spillway.control.recovery.RecoveryAction.TellPeersLeftCloud;
import io.spillway.control.recovery.RecoveryAction.WithdrawRoutes;
import io.spillway.control.recovery.RecoveryEvent.AltWanReachable;
import io.spillway.control.recovery.RecoveryEvent.ChannelLost;
import io.spillway.control.recovery.RecoveryEvent.ChannelOpened;
import io.spillway.control.recovery.RecoveryEvent.CloudAlive;
import io.spillway.control.recovery.RecoveryEvent.CloudLost;
import io.spillway.control.recovery.RecoveryEvent.PathAnswered;
import io.spillway.control.recovery.RecoveryEvent.PeerFacts;
import io.spillway.control.recovery.RecoveryEvent.PeerLeftCloud;
import io.spillway.control.recovery.RecoveryEvent.PeerReachable;
import io.spillway.control.recovery.RecoveryEvent.PresenceChanged;
import io.spillway.control.recovery.RecoveryEvent.ReturnNow;
import io.spillway.control.recovery.RecoveryEvent.StateEnded;
import io.spillway.control.recovery.RecoveryEvent.SwitchChanged;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryMachineTest {
    @Test
    void shouldTakeUpPeersByCloudOnceProvenAtAFirstStart() {
        Site1 site = new Site1();

        site.on(new CloudAlive());
        assertEquals(List.of(new RequestState(1)), site.on(new ChannelOpened()));
        site.directory(Site1.peer(A));
        assertEquals(Transport.NONE, site.transport(A));
        assertEquals(List.of(new CheckReturnPath(A)), site.on(new RecoveryEvent.RoutesReceived(A)));
        List<RecoveryAction> actions = site.answerPath(A);

        // No state end awaited: there is nothing frozen that would carry it meanwhile.
        long untilNs = site.nowNs + RecoveryMachine.OLD_TRANSPORT_NS;
        assertEquals(List.of(new ReturnPeer(A, Transport.NONE, untilNs)), actions);
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldMoveEveryPeerAtOnceWhenTheCloudIsLost() {
        Site1 site = new Site1().attached();

        List<RecoveryAction> actions = site.on(new CloudLost());

        assertEquals(
                List.of(
                        new TellPeersLeftCloud(true),
                        new FreezeRoutes(),
                        new MovePeer(A, Transport.RECOVERY),
                        new MovePeer(B, Transport.RECOVERY),
                        new ReprobePeers()),
                actions);
        assertEquals(RecoveryState.RECOVERY, site.machine.state());
    }

    @Test
    void shouldStayInCloudWithStaleRoutesWhenOnlyTheChannelDies() {
        Site1 site = new Site1().attached();

        List<RecoveryAction> actions = site.on(new ChannelLost());

        assertEquals(List.of(new MarkRoutesStale(true)), actions);
        assertEquals(RecoveryState.CLOUD, site.machine.state());
        assertEquals(Transport.CLOUD, site.transport(A));
        site.on(new ChannelOpened());
        site.directory(new PeerFacts(A, false, true), Site1.peer(B)); // not complete: no verdict
        assertEquals(Transport.CLOUD, site.transport(A));
        site.directory(Site1.peer(A), Site1.peer(B));
        assertEquals(List.of(new MarkRoutesStale(false)), site.endState());
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldRecoverAlthoughTheChannelLives() {
        Site1 site = new Site1().attached();

        site.on(new CloudLost());
        site.directory(Site1.peer(A), Site1.peer(B));
        site.routes(A, B);

        assertEquals(RecoveryState.RECOVERY, site.machine.state());
        assertEquals(Transport.RECOVERY, site.transport(A));
        List<RecoveryAction> actions = site.on(new CloudAlive());
        assertTrue(actions.contains(new RequestState(2)), "the state is asked for anew");
        assertTrue(site.machine.waitsFor(A).contains(ReturnCondition.ROUTES_KNOWN));
    }

    @Test
    void shouldIgnoreAStateThatEndedForAnEarlierRequest() {
        Site1 site = new Site1().attached();
        site.on(new CloudLost());
        site.on(new CloudAlive());
        site.directory(Site1.peer(A), Site1.peer(B));
        site.routes(A, B);

        site.on(new StateEnded(9, 1));

        assertTrue(site.machine.waitsFor(A).contains(ReturnCondition.STATE_COMPLETE));
        assertEquals(1, site.machine.ignoredCount());
    }

    @Test
    void shouldReturnEachPeerByItself() {
        Site1 site = new Site1().inRecovery();
        site.all.clear();

        site.popReturns();
        assertTrue(site.all.contains(new CheckReturnPath(A)));
        assertTrue(site.all.contains(new CheckReturnPath(B)));
        List<RecoveryAction> actions = site.answerPath(B);

        long untilNs = site.nowNs + RecoveryMachine.OLD_TRANSPORT_NS;
        assertEquals(List.of(new ReturnPeer(B, Transport.RECOVERY, untilNs)), actions);
        assertEquals(Transport.RECOVERY, site.transport(A));
        assertEquals(EnumSet.of(ReturnCondition.PATH_PROVEN), site.machine.waitsFor(A));
    }

    @Test
    void shouldNotReturnWithoutAnyOneCondition() {
        for (ReturnCondition left : ReturnCondition.values()) {
            Site1 site = new Site1().inRecovery();
            if (left == ReturnCondition.BACKOFF_OVER) { // a second loss within 1024 s
                site.popReturns();
                site.on(new CloudLost());
                site.on(new ChannelLost());
            }

            returnBut(left, site);
            site.answerPath(A);
            site.after(7 * SECOND);

            assertEquals(Transport.RECOVERY, site.transport(A), "without " + left);
            assertTrue(site.machine.waitsFor(A).contains(left), "waits for " + left);
        }
    }

    private static void returnBut(ReturnCondition left, Site1 site) {
        if (left != ReturnCondition.CLOUD_ALIVE) {
            site.on(new CloudAlive());
        }
        site.on(new ChannelOpened());
        site.directory(
                new PeerFacts(A, left != ReturnCondition.PEER_ATTACHED, true), Site1.peer(B));
        if (left != ReturnCondition.ROUTES_KNOWN) {
            site.routes(A);
        }
        if (left == ReturnCondition.PEER_IN_CLOUD) {
            site.on(new PeerLeftCloud(A, true));
        }
        if (left != ReturnCondition.STATE_COMPLETE) {
            site.endState();
        }
        if (left == ReturnCondition.PATH_PROVEN) {
            site.on(new PathAnswered(A, site.nowNs - 1)); // sent before it was asked for
            site.nowNs -= 1;
        }
        if (left == ReturnCondition.CHANNEL_OPEN) {
            site.on(new ChannelLost());
        }
    }

    @Test
    void shouldAskForTheProofAgainAndLessOftenWithTime() {
        Site1 site = new Site1().inRecovery();
        site.popReturns();
        site.all.clear();

        for (int i = 0; i < 100; i++) {
            site.after(100 * MS);
        }

        long count = site.all.stream().filter(new CheckReturnPath(A)::equals).count();
        assertEquals(9 + 9, count, "nine more in the first second, then one a second");
    }

    @Test
    void shouldWaitOutTheBackoffAndTellPeersUntilThen() {
        Site1 site = new Site1().inRecovery();
        site.popReturns();
        site.answerPath(A);
        site.on(new CloudLost());
        site.on(new ChannelLost());
        site.all.clear();

        site.popReturns();
        site.after(7_999 * MS);
        assertEquals(MS, site.machine.backoffRemainingNs(site.nowNs));
        assertTrue(site.machine.isTellingLeft());
        assertEquals(
                List.of(), site.all.stream().filter(CheckReturnPath.class::isInstance).toList());
        List<RecoveryAction> actions = site.after(MS);

        assertEquals(
                List.of(
                        new TellPeersLeftCloud(false),
                        new CheckReturnPath(A),
                        new CheckReturnPath(B)),
                actions);
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldEndTheBackoffByHand() {
        Site1 site = new Site1().inRecovery();
        site.popReturns();
        site.on(new CloudLost());
        site.popReturns();
        assertEquals(8 * SECOND, site.machine.backoffRemainingNs(site.nowNs));

        List<RecoveryAction> actions = site.on(new ReturnNow());

        assertTrue(actions.contains(new CheckReturnPath(A)));
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldAnswerAPeerThatLeftTheCloudAlthoughOurPopIsUp() {
        Site1 site = new Site1().attached();

        List<RecoveryAction> actions = site.on(new PeerLeftCloud(A, true));

        assertEquals(List.of(new FreezePeer(A), new MovePeer(A, Transport.RECOVERY)), actions);
        assertEquals(RecoveryState.CLOUD, site.machine.state());
        assertEquals(Transport.CLOUD, site.transport(B));
        assertTrue(site.machine.isRecoveryInUse());
        assertFalse(site.machine.isTellingLeft());
        assertEquals(List.of(new CheckReturnPath(A)), site.on(new PeerLeftCloud(A, false)));
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldBelieveThePopThatAPeerLeft() {
        Site1 site = new Site1().attached();

        List<RecoveryAction> actions = site.on(new PresenceChanged(A, false));

        assertEquals(List.of(new FreezePeer(A), new MovePeer(A, Transport.RECOVERY)), actions);
        site.answerPath(A);
        assertEquals(Transport.RECOVERY, site.transport(A), "still not attached");
        site.on(new PresenceChanged(A, true));
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldForgetWhatAPeerSaidWhenItCanNoLongerTakeItBack() {
        Site1 site = new Site1().attached();
        site.on(new PeerLeftCloud(A, true));

        List<RecoveryAction> actions = site.on(new PeerReachable(A, false));

        assertEquals(List.of(new CheckReturnPath(A)), actions);
    }

    @Test
    void shouldNotKeepAPeerOffTheCloudThatNoTunnelReaches() {
        Site1 site = new Site1().inRecovery();
        site.popReturns();
        site.on(new CloudLost());
        site.on(new ChannelLost());
        site.on(new PeerReachable(A, false));

        site.on(new CloudAlive());
        site.on(new ChannelOpened());
        site.directory(Site1.peer(A), Site1.peer(B));
        site.routes(A, B);
        site.answerPath(A);
        site.answerPath(B);

        assertEquals(Transport.CLOUD, site.transport(A), "neither state end nor back-off awaited");
        assertEquals(Transport.RECOVERY, site.transport(B));
    }

    @Test
    void shouldStartFromSavedStateWithoutAPop() {
        Site1 site = new Site1(RecoveryConfig.DEFAULT, Site1.peer(A));

        assertEquals(List.of(), site.after(RecoveryConfig.START_GRACE_NS - 1));
        List<RecoveryAction> actions = site.after(1);

        assertEquals(
                List.of(
                        new TellPeersLeftCloud(true),
                        new FreezeRoutes(),
                        new MovePeer(A, Transport.RECOVERY),
                        new ReprobePeers()),
                actions);
        site.reachable(A);
        site.popReturns();
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A), "the first return is immediate");
    }

    @Test
    void shouldStayInStartWhenThereNeverWasACloud() {
        Site1 site = new Site1();

        site.after(3_600 * SECOND);
        site.on(new CloudLost());
        site.on(new AltWanReachable(A, true));

        assertEquals(RecoveryState.START, site.machine.state());
        assertEquals(List.of(), site.all);
    }

    @Test
    void shouldRecoverWithWhatTheChannelToldWhenDataNeverPassed() {
        Site1 site = new Site1();
        site.on(new ChannelOpened());
        site.directory(Site1.peer(A));
        site.routes(A);
        site.after(2 * SECOND);
        assertEquals(RecoveryState.START, site.machine.state(), "the state is not whole");

        site.endState();
        site.after(RecoveryConfig.START_GRACE_NS - 1);
        assertEquals(RecoveryState.START, site.machine.state(), "the tunnel has its time too");
        site.after(1);

        assertEquals(RecoveryState.RECOVERY, site.machine.state());
        assertEquals(Transport.RECOVERY, site.transport(A));
    }

    /** A machine that starts slowly has its channel after the grace, its tunnel a little later. */
    @Test
    void shouldNotRecoverAtASlowFirstStart() {
        Site1 site = new Site1();
        site.after(3 * SECOND);
        site.on(new ChannelOpened());
        site.directory(Site1.peer(A));
        site.routes(A);
        site.endState();

        site.after(SECOND);
        site.on(new CloudAlive());
        site.after(10 * SECOND);

        assertEquals(RecoveryState.CLOUD, site.machine.state());
        assertTrue(site.all.stream().noneMatch(action -> action instanceof TellPeersLeftCloud));
    }

    @Test
    void shouldUseSavedRoutesForAPeerThatThePopDoesNotReachAfterARestart() {
        Site1 site = new Site1(RecoveryConfig.DEFAULT, Site1.peer(A));
        site.on(new CloudAlive());
        site.on(new ChannelOpened());
        site.directory(new PeerFacts(A, false, true));
        assertEquals(Transport.NONE, site.transport(A));

        site.after(RecoveryConfig.START_GRACE_NS);

        assertEquals(Transport.RECOVERY, site.transport(A));
    }

    @Test
    void shouldNeverMovePeersToRecoveryWhenItIsSwitchedOff() {
        Site1 site =
                new Site1(new RecoveryConfig(false, true, false, 0, ReturnBackoff.Config.DEFAULT));
        site.attached();

        List<RecoveryAction> actions = site.on(new CloudLost());

        assertEquals(
                List.of(
                        new FreezeRoutes(),
                        new MovePeer(A, Transport.NONE),
                        new MovePeer(B, Transport.NONE),
                        new ReprobePeers()),
                actions);
        assertFalse(site.machine.isTellingLeft());
        site.on(new SwitchChanged(true));
        assertEquals(Transport.RECOVERY, site.transport(A));
        assertTrue(site.machine.isTellingLeft());
    }

    @Test
    void shouldNotSendOffCloudToAPeerThatSwitchedRecoveryOff() {
        Site1 site = new Site1().attached();
        site.directory(new PeerFacts(A, true, false), Site1.peer(B));

        site.on(new CloudLost());

        assertEquals(Transport.NONE, site.transport(A));
        assertEquals(Transport.RECOVERY, site.transport(B));
    }

    @Test
    void shouldWithdrawRoutesWhenFreezeIsOff() {
        Site1 site =
                new Site1(new RecoveryConfig(true, false, false, 0, ReturnBackoff.Config.DEFAULT));
        site.attached();

        List<RecoveryAction> actions = site.on(new CloudLost());

        assertTrue(actions.contains(new WithdrawRoutes()));
        assertFalse(actions.contains(new FreezeRoutes()));
    }

    @Test
    void shouldForgetAPeerOnlyWhenAWholeStateLacksIt() {
        Site1 site = new Site1().inRecovery();
        site.on(new CloudAlive());
        site.on(new ChannelOpened());
        site.directory(Site1.peer(B));
        site.on(new PeerReachable(A, false));
        assertEquals(Transport.RECOVERY, site.transport(A));

        List<RecoveryAction> actions = site.endState();

        assertTrue(actions.contains(new ForgetPeer(A)));
        assertEquals(1, site.machine.peers().size());
    }

    @Test
    void shouldKeepAPeerThatWorksWhileThePopHasForgottenIt() {
        Site1 site = new Site1().inRecovery();
        site.on(new CloudAlive());
        site.on(new ChannelOpened());
        site.directory(Site1.peer(B));

        site.endState();

        assertEquals(Transport.RECOVERY, site.transport(A));
        assertTrue(site.on(new PeerReachable(A, false)).contains(new ForgetPeer(A)));
    }

    @Test
    void shouldCountEventsOfPeersItDoesNotKnow() {
        Site1 site = new Site1().attached();

        site.on(new PeerLeftCloud(4711, true));
        site.on(new PathAnswered(4711, site.nowNs));

        assertEquals(2, site.machine.ignoredCount());
    }
}
