package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R111, F09: by what packets with a rule leave, and by what the others answer. */
class TransportRulesTest {
    private static final String HOST = "10.1.0.7";
    private static final String THERE = "10.2.0.8";
    private static final int PORT = 40_000;
    private static final int POP = Exit.tunnel(0);
    private static final int INTERNET = Exit.tunnel(1);
    private static final int ALT_WAN = Exit.tunnel(2);
    private static final int DROPPED = -1;
    private static final long SETTLED_NS = 5_000_000_000L;
    private static final long HOUR_NS = 3_600_000_000_000L;

    private final ForwardFixture fixture = new ForwardFixture();
    private final SiteExit offCloud = new SiteExit(2, List.of(fixture.first), 0, false, true);
    private final SiteExit altWan = new SiteExit(2, List.of(fixture.second), 0, false, true);
    private TransportRules rules;

    @BeforeEach
    void bringTunnelsUp() {
        fixture.install(fixture.pop, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.first, SessionPair.of(2, 3, 4).client());
        fixture.install(fixture.second, SessionPair.of(3, 5, 6).client());
        inCloud(offCloud, altWan);
    }

    private void inCloud(SiteExit internet, SiteExit privateWan) {
        SiteExit cloud = new SiteExit(2, List.of(fixture.pop), 0, false);
        fixture.publish(1, 0, cloud.inCloud(internet, privateWan, SETTLED_NS));
    }

    private int exitOf(WanTransport first, WanTransport secondary) {
        rules = new TransportRules(List.of(new TransportRules.Choice(first, secondary)));
        fixture.router.publish(rules);
        return exitOf(1);
    }

    private int exitOf(int rule) {
        PacketBuffer packet = fixture.fromLan(udp(HOST, THERE, PORT, new byte[4]));
        packet.wanRule = rule;
        PacketBuffer routed = fixture.route(packet);
        if (routed == null) {
            return DROPPED;
        }
        assertFalse(rule != 0 && routed.isAnswer);
        int exit = routed.exit;
        fixture.pool.release(routed);
        return exit;
    }

    @Test
    void shouldLeaveByTheFirstChoiceWhileThatIsThere() {
        assertEquals(POP, exitOf(0), "no rule");
        assertEquals(POP, exitOf(WanTransport.AUTOMATIC, WanTransport.AUTOMATIC));
        assertEquals(POP, exitOf(WanTransport.CLOUD, WanTransport.AUTOMATIC));
        assertEquals(INTERNET, exitOf(WanTransport.OFF_CLOUD, WanTransport.CLOUD));
        assertEquals(ALT_WAN, exitOf(WanTransport.ALT_WAN, WanTransport.NONE));
        assertEquals(1, rules.byFirst(1));
        assertEquals(0, rules.bySecondary(1));
    }

    @Test
    void shouldLeaveByTheSecondChoiceElse() {
        inCloud(offCloud, null);
        assertEquals(POP, exitOf(WanTransport.ALT_WAN, WanTransport.AUTOMATIC));
        assertEquals(INTERNET, exitOf(WanTransport.ALT_WAN, WanTransport.OFF_CLOUD));
        assertEquals(1, rules.bySecondary(1));
        inCloud(null, null);
        assertEquals(POP, exitOf(WanTransport.ALT_WAN, WanTransport.OFF_CLOUD), "behind it");
    }

    @Test
    void shouldDropWhereTheRuleAllowsNothingElse() {
        inCloud(offCloud, null);

        assertEquals(DROPPED, exitOf(WanTransport.ALT_WAN, WanTransport.NONE));

        assertEquals(1, rules.refused(1));
        assertEquals(1, fixture.dropped(DropReason.ROUTE_TRANSPORT_DOWN));
        assertEquals(1, fixture.lanRing.size(), "the sender is told");
    }

    /** The cloud has no tunnel left, which control has not noticed yet. */
    @Test
    void shouldNotCallCloudWhatHasNoTunnel() {
        SiteExit cloud = new SiteExit(2, List.of(), 0, false);
        fixture.publish(1, 0, cloud.inCloud(offCloud, null, SETTLED_NS));

        assertEquals(INTERNET, exitOf(WanTransport.CLOUD, WanTransport.OFF_CLOUD));
    }

    @Test
    void shouldGoAsRecoverySaysOffTheCloud() {
        fixture.publish(1, 0, List.of(fixture.first));
        assertEquals(INTERNET, exitOf(WanTransport.OFF_CLOUD, WanTransport.NONE));
        assertEquals(INTERNET, exitOf(WanTransport.CLOUD, WanTransport.AUTOMATIC));
        assertEquals(DROPPED, exitOf(WanTransport.CLOUD, WanTransport.NONE), "never uninspected");
        assertEquals(INTERNET, exitOf(WanTransport.ALT_WAN, WanTransport.CLOUD));

        fixture.publish(1, 0, altWan.onAltWan());
        assertEquals(ALT_WAN, exitOf(WanTransport.OFF_CLOUD, WanTransport.AUTOMATIC));
        assertEquals(ALT_WAN, exitOf(WanTransport.ALT_WAN, WanTransport.NONE));
    }

    @Test
    void shouldSpreadFlowsOverTheTunnelsOfTheirTransport() {
        Tunnel other = fixture.tunnel(3, 2);
        fixture.install(other, SessionPair.of(4, 7, 8).client());
        inCloud(new SiteExit(2, List.of(fixture.first, other), 0, false, true), null);
        exitOf(WanTransport.OFF_CLOUD, WanTransport.AUTOMATIC);

        boolean[] isUsed = new boolean[4];
        for (int port = 1; port <= 40; port++) {
            PacketBuffer packet = fixture.fromLan(udp(HOST, THERE, port, new byte[4]));
            packet.wanRule = 1;
            int exit = fixture.route(packet).exit;
            isUsed[Exit.index(exit)] = true;
            fixture.pool.release(packet);
        }

        assertTrue(isUsed[1] && isUsed[3] && !isUsed[0]);
    }

    // ---- the far side

    private void askBy(Tunnel tunnel, long atNs) {
        fixture.clock.update(atNs);
        PacketBuffer question = fixture.fromTunnel(udp(THERE, HOST, PORT, new byte[4]), tunnel);
        fixture.flows.arrived(question.flow, tunnel.index(), atNs);
        fixture.pool.release(question);
    }

    private int answerAt(long atNs) {
        fixture.clock.update(atNs);
        return exitOf(0);
    }

    @Test
    void shouldAnswerForLongByTheTunnelThatTheOtherSideChose() {
        askBy(fixture.first, SETTLED_NS + 1_000_000_000L);

        assertEquals(INTERNET, answerAt(SETTLED_NS + 2 * HOUR_NS));
        askBy(fixture.pop, SETTLED_NS + 2 * HOUR_NS);
        assertEquals(POP, answerAt(SETTLED_NS + 2 * HOUR_NS), "it chose another way");
    }

    /** Before it was settled that both ends are in the cloud, it was recovery, which is over. */
    @Test
    void shouldAnswerForAMomentOnlyByATunnelOfRecovery() {
        askBy(fixture.first, SETTLED_NS - 2_000_000_000L);

        assertEquals(INTERNET, answerAt(SETTLED_NS - 1_500_000_000L));
        assertEquals(POP, answerAt(SETTLED_NS));
        assertEquals(POP, answerAt(SETTLED_NS + HOUR_NS));
    }

    @Test
    void shouldFollowItsOwnRuleAndNotTheOtherSidesQuestions() {
        askBy(fixture.first, SETTLED_NS + 1_000_000_000L);

        assertEquals(ALT_WAN, exitOf(WanTransport.ALT_WAN, WanTransport.AUTOMATIC));
        fixture.clock.update(SETTLED_NS + HOUR_NS);
        assertEquals(POP, exitOf(WanTransport.CLOUD, WanTransport.AUTOMATIC));
    }

    @Test
    void shouldNotAnswerByATunnelThatIsGone() {
        askBy(fixture.first, SETTLED_NS + 1_000_000_000L);
        fixture.sessions.removeAll(fixture.first);

        assertEquals(POP, answerAt(SETTLED_NS + HOUR_NS));
        assertNull(fixture.view.current().tunnels().answering(fixture.first.index()));
    }
}
