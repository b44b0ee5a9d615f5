package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.sim.SessionPair;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rules for other sites make of packets on their way from the LAN: R111, LF2. */
class TransportPathTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SYN = 2;
    private static final int ACK = 0x10;
    private static final int SMB = 445;
    private static final int BACKUPS = 1;
    private static final int VOICE = 2;
    private static final int RULES_MAX = 10_000;
    private static final String HOST = "10.1.0.7";
    private static final String THERE = "10.2.0.8";
    private static final Party DATACENTRE = Party.ofSites(ValueSet.range(2, 2));

    private final ForwardFixture fixture = new ForwardFixture();
    private final PacketBatch batch = new PacketBatch(1);
    private LanPolicy policy;

    @BeforeEach
    void bringTunnelsUp() throws Exception {
        fixture.install(fixture.pop, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.first, SessionPair.of(2, 3, 4).client());
        fixture.install(fixture.second, SessionPair.of(3, 5, 6).client());
        publishRoutes();
        policy =
                new LanPolicy(
                        new CompiledPolicy(List.of()), true, TransportPolicy.of(rules(DATACENTRE)));
        publish(policy);
    }

    private void publishRoutes() {
        SiteExit internet = new SiteExit(2, List.of(fixture.first), 0, false);
        SiteExit altWan = new SiteExit(2, List.of(fixture.second), 0, false);
        SiteExit cloud = new SiteExit(2, List.of(fixture.pop), 0, false);
        fixture.publish(1, 0, cloud.inCloud(internet, altWan, 0));
    }

    private void publish(LanPolicy published) {
        policy = published;
        fixture.firewall.publish(published);
        fixture.router.publish(published.wan().transports());
    }

    private static List<TransportRule> rules(Party datacentre) {
        var backups = new TransportRules.Choice(WanTransport.OFF_CLOUD, WanTransport.CLOUD);
        var voice = new TransportRules.Choice(WanTransport.ALT_WAN, WanTransport.AUTOMATIC);
        return List.of(
                new TransportRule("backups", scope(datacentre, TCP, SMB), backups),
                new TransportRule("voice", scope(Party.ANYBODY, UDP, 5060), voice));
    }

    private static RuleScope scope(Party to, int protocol, int port) {
        int number = PacketKey.service(protocol, port);
        Service service = new Service(ValueSet.range(number, number), ValueSet.ANY);
        return new RuleScope(Party.ANYBODY, to, false, List.of(service));
    }

    /** Its rule, once it has passed firewall and router. */
    private int ruleOf(PacketBuffer packet) {
        return ruleOf(packet, VOICE);
    }

    /**
     * @param byAltWan the rule that says so
     */
    private int ruleOf(PacketBuffer packet, int byAltWan) {
        batch.clear();
        batch.add(packet);
        fixture.firewall.process(batch);
        int rule = batch.get(0).wanRule;
        PacketBuffer routed = fixture.route(batch.get(0));
        int expected = rule == BACKUPS ? 1 : rule == byAltWan ? 2 : 0;
        assertEquals(Exit.tunnel(expected), routed.exit);
        fixture.pool.release(routed);
        return rule;
    }

    private PacketBuffer voice() {
        return fixture.fromLan(udp(HOST, THERE, 5060, new byte[4]));
    }

    private PacketBuffer tcp(int flags, int sourcePort, int targetPort) {
        return fixture.fromLan(segment(flags, HOST, THERE, sourcePort, targetPort));
    }

    private static byte[] segment(int flags, String from, String to, int source, int target) {
        byte[] segment = new byte[20];
        Packets.put16(segment, 0, source);
        Packets.put16(segment, 2, target);
        segment[12] = 0x50;
        segment[13] = (byte) flags;
        return Packets.ipv4(TCP, 0, from, to, segment);
    }

    @Test
    void shouldSteerWhatTheSiteBegins() {
        assertEquals(BACKUPS, ruleOf(tcp(SYN, 50_000, SMB)));
        assertEquals(BACKUPS, ruleOf(tcp(ACK, 50_000, SMB)));
        assertEquals(VOICE, ruleOf(voice()));
        assertEquals(0, ruleOf(tcp(SYN, 50_000, 443)));

        assertEquals(1, policy.wan().flows(BACKUPS));
        assertEquals(1, policy.wan().flows(VOICE));
        assertEquals(1, policy.wan().flows(0));
        assertEquals(2, policy.wan().transports().byFirst(BACKUPS));
    }

    /** What the other site begins is for its own rules, though ours name its service. */
    @Test
    void shouldLeaveAnswersAlone() {
        batch.clear();
        batch.add(fixture.fromTunnel(segment(SYN, THERE, HOST, 5060, 50_000), fixture.pop));
        fixture.firewall.process(batch);
        fixture.pool.release(batch.get(0));

        assertEquals(0, ruleOf(tcp(SYN | ACK, 50_000, 5060)));
        assertEquals(0, policy.wan().flows(0), "it is not ours to count");
    }

    /** After a restart the far end's answer may be what we see first. */
    @Test
    void shouldTakeUpSessionsInTheirMiddle() {
        batch.clear();
        batch.add(fixture.fromTunnel(segment(ACK, THERE, HOST, SMB, 50_000), fixture.pop));
        fixture.firewall.process(batch);
        fixture.pool.release(batch.get(0));

        assertEquals(BACKUPS, ruleOf(tcp(ACK, 50_000, SMB)));
        publishRoutes();
        assertEquals(BACKUPS, ruleOf(tcp(ACK, 50_000, SMB)), "it is ours from then on");
    }

    @Test
    void shouldHoldFlowsAgainstOtherRulesAndOtherSites() throws Exception {
        assertEquals(BACKUPS, ruleOf(tcp(SYN, 50_000, SMB)));

        publish(policy.with(policy.wan().with(rules(Party.NOBODY))));
        assertEquals(0, ruleOf(tcp(ACK, 50_000, SMB)), "nobody knows the site any more");
        publish(policy.with(policy.wan().with(rules(DATACENTRE))));
        assertEquals(BACKUPS, ruleOf(tcp(ACK, 50_000, SMB)));
        publishRoutes();
        assertEquals(BACKUPS, ruleOf(tcp(ACK, 50_000, SMB)));
        assertEquals(2, policy.wan().flows(BACKUPS), "decided twice, looked at thrice");

        publish(new LanPolicy(new CompiledPolicy(List.of()), true));
        assertEquals(0, ruleOf(tcp(ACK, 50_000, SMB)));
    }

    @Test
    void shouldSendFragmentsAndErrorsTheWayOfTheirFlow() {
        byte[] datagram = udp(HOST, THERE, 5060, new byte[24]);
        byte[] later = fragment(datagram, 2);
        assertEquals(0, ruleOf(fixture.fromLan(later)), "of nothing that is known");

        assertEquals(VOICE, ruleOf(fixture.fromLan(fragment(datagram, Ipv4Header.MORE_FRAGMENTS))));

        assertEquals(VOICE, ruleOf(fixture.fromLan(later)));
        byte[] header = {3, 3, 0, 0, 0, 0, 0, 0};
        byte[] about = udp(THERE, HOST, 5060, new byte[4]);
        Packets.put16(about, 20, 5060);
        Packets.put16(about, 22, Packets.get16(datagram, 20));
        assertEquals(
                VOICE, ruleOf(fixture.fromLan(Packets.ipv4(1, 0, HOST, THERE, header, about))));
    }

    private static byte[] fragment(byte[] datagram, int field) {
        byte[] bytes = datagram.clone();
        Packets.put16(bytes, Ipv4Header.IDENTIFICATION_OFFSET, 7);
        Packets.put16(bytes, Ipv4Header.FRAGMENT_OFFSET, field);
        Ipv4Header.writeChecksum(new UnsafeBuffer(bytes), 0);
        return bytes;
    }

    /** Their numbers stand in the flow's entry beside flags that are none of theirs. */
    @Test
    void shouldNumberAsManyRulesAsAPolicyMayHave() throws Exception {
        var voice = new TransportRules.Choice(WanTransport.ALT_WAN, WanTransport.AUTOMATIC);
        List<TransportRule> rules = new ArrayList<>();
        for (int port = 1; port <= RULES_MAX; port++) {
            rules.add(new TransportRule("rule" + port, scope(Party.ANYBODY, UDP, port), voice));
        }
        publish(new LanPolicy(new CompiledPolicy(List.of()), true, TransportPolicy.of(rules)));
        byte[] last = udp(HOST, THERE, 5060, new byte[4]);
        Packets.put16(last, 22, RULES_MAX);
        PacketBuffer packet = fixture.fromLan(last);
        batch.clear();
        batch.add(packet);

        fixture.firewall.process(batch);

        assertEquals(RULES_MAX, packet.wanRule);
        assertEquals("rule" + RULES_MAX, fixture.firewall.steered().name());
        assertTrue(fixture.flows.isFromBeginner(packet.flow, packet.tuple));
        assertFalse(fixture.flows.hasPassed(packet.flow));
        fixture.flows.wentByPop(packet.flow);
        fixture.flows.passed(packet.flow);
        assertEquals(RULES_MAX, ruleOf(packet, RULES_MAX));
    }

    @Test
    void shouldLeaveWhatOurOwnKernelSendsToRecovery() {
        PacketBuffer packet = voice();
        packet.isFromHost = true;

        assertEquals(0, ruleOf(packet));
    }
}
