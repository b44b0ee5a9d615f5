package io.spillway.control.recovery;

import static io.spillway.control.recovery.Site1.A;
import static io.spillway.control.recovery.Site1.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.RecoveryAction.FreezePeer;
import io.spillway.control.recovery.RecoveryAction.FreezeRoutes;
import io.spillway.control.recovery.RecoveryAction.MovePeer;
import io.spillway.control.recovery.RecoveryAction.ReprobePeers;
import io.spillway.control.recovery.RecoveryAction.TellPeersLeftCloud;
import io.spillway.control.recovery.RecoveryEvent.AltWanReachable;
import io.spillway.control.recovery.RecoveryEvent.CloudLost;
import io.spillway.control.recovery.RecoveryEvent.PeerLeftCloud;
import io.spillway.control.recovery.RecoveryEvent.PeerReachable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Alt WAN takes traffic before recovery does, of those peers that have it. */
class RecoveryMachineAltWanTest {
    @Test
    void shouldPreferAltWanAndFollowItAsItComesAndGoes() {
        Site1 site = new Site1().attached();
        assertEquals(List.of(), site.on(new AltWanReachable(A, true)));
        assertEquals(List.of(), site.on(new AltWanReachable(B, true)));

        site.on(new CloudLost());
        assertEquals(RecoveryState.ALT_WAN, site.machine.state());
        assertEquals(Transport.ALT_WAN, site.transport(A));
        assertTrue(site.machine.isAltWanInUse());

        site.on(new AltWanReachable(A, false));
        site.on(new AltWanReachable(B, false));
        assertEquals(RecoveryState.RECOVERY, site.machine.state());
        assertEquals(Transport.RECOVERY, site.transport(A));
        assertFalse(site.machine.isAltWanInUse());

        site.on(new AltWanReachable(A, true));
        site.on(new AltWanReachable(B, true));
        assertEquals(RecoveryState.ALT_WAN, site.machine.state());
        site.popReturns();
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A));
        assertEquals(Transport.ALT_WAN, site.transport(B));
    }

    @Test
    void shouldGoByAltWanOnlyToPeersThatHaveIt() {
        Site1 site = new Site1().attached();
        site.on(new AltWanReachable(A, true));

        List<RecoveryAction> actions = site.on(new CloudLost());

        assertEquals(
                List.of(
                        new TellPeersLeftCloud(true),
                        new FreezeRoutes(),
                        new MovePeer(A, Transport.ALT_WAN),
                        new MovePeer(B, Transport.RECOVERY),
                        new ReprobePeers()),
                actions);
        assertEquals(RecoveryState.ALT_WAN, site.machine.state());

        assertEquals(
                List.of(new MovePeer(B, Transport.ALT_WAN)), site.on(new AltWanReachable(B, true)));
        assertEquals(
                List.of(new MovePeer(A, Transport.RECOVERY)),
                site.on(new AltWanReachable(A, false)));
        assertEquals(RecoveryState.ALT_WAN, site.machine.state(), "B still is on it");
    }

    @Test
    void shouldFollowAPeerThatLeftTheCloudByAltWan() {
        Site1 site = new Site1().attached();
        site.on(new AltWanReachable(A, true));

        List<RecoveryAction> actions = site.on(new PeerLeftCloud(A, true));

        assertEquals(List.of(new FreezePeer(A), new MovePeer(A, Transport.ALT_WAN)), actions);
        assertEquals(RecoveryState.CLOUD, site.machine.state());
        site.on(new PeerReachable(A, false));
        assertEquals(Transport.ALT_WAN, site.transport(A), "it is heard over Alt WAN still");
        site.on(new PeerLeftCloud(A, false));
        site.answerPath(A);
        assertEquals(Transport.CLOUD, site.transport(A));
    }

    @Test
    void shouldKeepTheBackoffForAPeerOnAltWanThoughNoRecoveryTunnelReachesIt() {
        Site1 site = new Site1().inRecovery();
        site.popReturns();
        site.on(new CloudLost());
        site.on(new AltWanReachable(A, true));
        site.on(new PeerReachable(A, false));

        site.popReturns();
        site.answerPath(A);

        assertEquals(Transport.ALT_WAN, site.transport(A));
        assertTrue(site.machine.waitsFor(A).contains(ReturnCondition.BACKOFF_OVER));
    }

    @Test
    void shouldTakeAltWanFromSavedStateWithoutAPop() {
        Site1 site = new Site1(RecoveryConfig.DEFAULT, Site1.peer(A));
        site.on(new AltWanReachable(A, true));

        site.after(RecoveryConfig.START_GRACE_NS);

        assertEquals(RecoveryState.ALT_WAN, site.machine.state());
        assertEquals(Transport.ALT_WAN, site.transport(A));
    }
}
