package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.DecisionCounts;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a policy makes of packets between sites at a PoP (R114): site 2 has 10.2.0.0/16 and is here
 * by the tunnel {@code first}, site 3 has 10.3.0.0/16 and is here by another, site 4 has
 * 10.4.0.0/16 and is at the node behind {@code pop}.
 */
class WanFirewallPathTest {
    private static final int UDP = 17;
    private static final int SYN = 2;
    private static final int ACK = 0x10;
    private static final int ASKED = 53;
    private static final String AT_2 = "10.2.0.7";
    private static final String ALSO_AT_2 = "10.2.9.9";
    private static final String AT_3 = "10.3.0.8";
    private static final String AT_4 = "10.4.0.9";

    private final ForwardFixture fixture = new ForwardFixture();
    private final PacketBatch batch = new PacketBatch(1);
    private final Tunnel to2 = fixture.first;
    private final Tunnel to3 = fixture.tunnel(3, 3);
    private final Tunnel node = fixture.pop;
    private WanFirewallPolicy policy;

    @BeforeEach
    void bringTunnelsUp() {
        fixture.install(node, SessionPair.of(0, 5, 6).client());
        fixture.install(to2, SessionPair.of(1, 1, 2).client());
        fixture.install(to3, SessionPair.of(2, 3, 4).client());
        publishRoutes();
    }

    private void publishRoutes() {
        Forwarding atSite = fixture.view.current();
        List<Tunnel> none = List.of();
        fixture.view.publish(
                new Forwarding(
                        2,
                        0,
                        0,
                        atSite.fib(),
                        List.of(
                                SiteExit.atPop(2, List.of(to2), List.of(to2), none, false),
                                SiteExit.atPop(3, List.of(to3), List.of(to3), none, false),
                                SiteExit.atPop(4, List.of(node), none, List.of(node), false)),
                        TunnelTable.of(List.of(node, to2, to3)),
                        atSite.local()));
    }

    private static Party site(long id) {
        return Party.ofSites(ValueSet.range(id, id));
    }

    private static Party at(String prefix) {
        return Party.at(ValueSet.of(Prefix.parse(prefix)));
    }

    private static Service udpPort(int port) {
        int number = PacketKey.service(UDP, port);
        return new Service(ValueSet.range(number, number), ValueSet.ANY);
    }

    private static FirewallRule allow(Party from, Party to, Service service) {
        RuleScope scope = new RuleScope(from, to, false, List.of(service));
        return new FirewallRule("allow", scope, FirewallRule.Action.ALLOW);
    }

    private void publish(FirewallRule... rules) throws Exception {
        CompiledPolicy compiled = compiled(rules);
        policy = new WanFirewallPolicy(compiled, new DecisionCounts(compiled));
        fixture.firewall.publishWanFirewall(policy);
    }

    private static CompiledPolicy compiled(FirewallRule... rules) throws Exception {
        NetworkRule all =
                new NetworkRule("sites", RuleScope.ANY, NetworkRule.Transport.LAN, List.of(rules));
        return new CompiledPolicy(List.of(all));
    }

    /** Through guard, firewall and router; null: dropped. */
    private PacketBuffer walk(byte[] bytes, Tunnel from) {
        PacketBuffer packet = fixture.fromTunnel(bytes, from);
        batch.clear();
        batch.add(packet);
        fixture.guard.process(batch);
        fixture.firewall.process(batch);
        return batch.isEmpty() ? null : fixture.route(batch.get(0));
    }

    private static byte[] question(String source, String target) {
        return udp(source, target, ASKED, new byte[4]);
    }

    private static byte[] answerTo(byte[] question, String source, String target) {
        byte[] bytes = question(source, target);
        Packets.put16(bytes, 20, Packets.get16(question, 22));
        Packets.put16(bytes, 22, Packets.get16(question, 20));
        Packets.put16(bytes, 26, 0); // no checksum
        return bytes;
    }

    @Test
    void shouldLetEverythingPassWithoutAPolicy() {
        assertEquals(Exit.tunnel(3), walk(question(AT_2, AT_3), to2).exit);
        assertEquals(Exit.tunnel(1), walk(question(AT_3, AT_2), to3).exit);
    }

    @Test
    void shouldBlockWhatNoRuleAllowsAndTellTheSender() throws Exception {
        publish();

        assertNull(walk(question(AT_2, AT_3), to2));

        assertEquals(1, fixture.dropped(DropReason.FIREWALL_BLOCKED));
        assertEquals(1, policy.counts().blocked(policy.rules().decisionCount() - 1));
        assertEquals(to2, fixture.rings.poll(batch));
        byte[] told = ForwardFixture.content(batch.get(0));
        assertEquals(IcmpHeader.UNREACHABLE, told[20]);
        assertEquals(13, told[21], "administratively prohibited");
    }

    @Test
    void shouldAllowBetweenSitesInTheDirectionOfTheRuleAndItsAnswers() throws Exception {
        publish(allow(site(2), site(3), udpPort(ASKED)));
        byte[] question = question(AT_2, AT_3);

        assertEquals(Exit.tunnel(3), walk(question, to2).exit);
        assertEquals(Exit.tunnel(1), walk(answerTo(question, AT_3, AT_2), to3).exit);
        assertNull(walk(question(AT_3, AT_2), to3), "the other direction");
        assertNull(walk(udp(AT_2, AT_3, 54, new byte[4]), to2), "another service");
        assertNull(walk(question(AT_2, AT_4), to2), "another site");
        assertEquals(1, policy.counts().flows(1));
    }

    @Test
    void shouldGovernWhatComesBackToItsOwnSite() throws Exception {
        publish(allow(site(2), site(3), Service.ANY));
        assertNull(walk(question(AT_2, ALSO_AT_2), to2));

        publish(allow(at("10.2.0.0/24"), site(2), Service.ANY));

        assertEquals(Exit.tunnel(1), walk(question(AT_2, ALSO_AT_2), to2).exit);
        assertNull(walk(udp(ALSO_AT_2, AT_2, 54, new byte[4]), to2));
    }

    /** Both nodes hold their policy against it. */
    @Test
    void shouldKnowTheSiteBehindAnotherNode() throws Exception {
        publish(allow(site(4), site(2), Service.ANY));
        byte[] question = question(AT_4, AT_2);

        assertEquals(Exit.tunnel(1), walk(question, node).exit);
        assertEquals(Exit.tunnel(0), walk(answerTo(question, AT_2, AT_4), to2).exit);
        assertNull(walk(question(AT_4, AT_3), node));
    }

    @Test
    void shouldTakeErrorsOfAnotherNodeAboutWhatIsAllowedOnly() throws Exception {
        publish(allow(site(2), site(4), udpPort(ASKED)));
        byte[] allowed = question(AT_2, AT_4);
        byte[] blocked = udp(AT_2, AT_4, 54, new byte[4]);
        assertNull(walk(errorAbout(allowed), node), "nothing of the kind was sent");
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_UNRELATED_ERROR));

        assertNotNull(walk(allowed, to2));
        assertNull(walk(blocked, to2));

        assertEquals(Exit.tunnel(1), walk(errorAbout(allowed), node).exit);
        assertNull(walk(errorAbout(blocked), node));
    }

    private static byte[] errorAbout(byte[] packet) {
        byte[] header = {3, 4, 0, 0, 0, 0, 5, 0};
        return Packets.ipv4(1, 0, "192.0.0.8", AT_2, header, packet);
    }

    @Test
    void shouldEndWhatAnotherPolicyForbidsAndNothingElse() throws Exception {
        publish(allow(site(2), site(3), Service.ANY), allow(site(2), site(4), Service.ANY));
        byte[] toThird = question(AT_2, AT_3);
        byte[] toFourth = question(AT_2, AT_4);
        assertNotNull(walk(toThird, to2));
        assertNotNull(walk(toFourth, to2));

        publish(allow(site(2), site(4), Service.ANY));

        assertNull(walk(answerTo(toThird, AT_3, AT_2), to3), "an answer is first");
        assertNull(walk(toThird, to2));
        assertNotNull(walk(answerTo(toFourth, AT_4, AT_2), node));
        assertNotNull(walk(toFourth, to2));
        publish(allow(site(2), site(3), Service.ANY));
        assertNotNull(walk(answerTo(toThird, AT_3, AT_2), to3), "allowed again");
    }

    /** A rule whose hours end. */
    @Test
    void shouldCountAFlowOnceThoughRulesGoToRest() throws Exception {
        FirewallRule rule = allow(site(2), site(3), Service.ANY);
        publish(rule);
        byte[] question = question(AT_2, AT_3);
        assertNotNull(walk(question, to2));

        FirewallRule atRest =
                new FirewallRule(rule.name(), RuleScope.NOTHING, FirewallRule.Action.ALLOW);
        fixture.firewall.publishWanFirewall(
                new WanFirewallPolicy(compiled(atRest), policy.counts()));

        assertNull(walk(answerTo(question, AT_3, AT_2), to3), "its end holds for answers, too");
        fixture.firewall.publishWanFirewall(policy);
        assertNotNull(walk(question, to2));
        assertEquals(1, policy.counts().flows(1));
        assertEquals(1, policy.counts().blocked(2));
    }

    /** It began off the cloud, or at another node, and either end may be heard first here. */
    @Test
    void shouldTakeUpTcpInItsMiddle() throws Exception {
        publish(allow(site(2), site(3), Service.ANY));

        assertNotNull(walk(tcp(ACK, AT_3, AT_2), to3));
        assertNotNull(walk(tcp(ACK, AT_2, AT_3), to2));
        assertNull(walk(tcp(SYN, AT_3, ALSO_AT_2), to3), "a new one");
    }

    /** Nothing tells an answer of UDP from a question until who began speaks. */
    @Test
    void shouldTakeUpOthersWithTheNextPacketOfWhoBegan() throws Exception {
        publish(allow(site(2), site(3), udpPort(ASKED)));
        byte[] question = question(AT_2, AT_3);
        byte[] answer = answerTo(question, AT_3, AT_2);
        assertNull(walk(answer, to3));

        assertNotNull(walk(question, to2));

        assertNotNull(walk(answer, to3));
        assertEquals(1, policy.counts().flows(1));
    }

    /** The same with ports that are equal, of which the wrong end was first. */
    @Test
    void shouldNotLetOneEndBlockWhatTheOtherMayBegin() throws Exception {
        publish(allow(site(2), site(3), Service.ANY));
        byte[] question = question(AT_2, AT_3);
        byte[] call = answerTo(question, AT_3, AT_2);
        assertNull(walk(call, to3));
        assertNull(walk(call, to3));

        assertNotNull(walk(question, to2));
        assertNull(walk(fragmentOf(question(AT_3, AT_2), 2, 7), to3), "a fragment begins nothing");
    }

    @Test
    void shouldJudgeFragmentsByTheirFirst() throws Exception {
        publish(allow(site(2), site(3), udpPort(ASKED)));
        byte[] datagram = udp(AT_2, AT_3, ASKED, new byte[24]);
        assertNull(walk(fragmentOf(datagram, 2, 7), to2), "the first is missing");
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_FRAGMENT_UNKNOWN));

        assertNotNull(walk(fragmentOf(datagram, Ipv4Header.MORE_FRAGMENTS, 7), to2));

        assertNotNull(walk(fragmentOf(datagram, 2, 7), to2));
        datagram = udp(AT_2, AT_3, 54, new byte[24]);
        assertNull(walk(fragmentOf(datagram, Ipv4Header.MORE_FRAGMENTS, 9), to2));
        assertNull(walk(fragmentOf(datagram, 2, 9), to2));
    }

    private static byte[] fragmentOf(byte[] datagram, int field, int identification) {
        byte[] bytes = datagram.clone();
        Packets.put16(bytes, Ipv4Header.IDENTIFICATION_OFFSET, identification);
        Packets.put16(bytes, Ipv4Header.FRAGMENT_OFFSET, field);
        Ipv4Header.writeChecksum(new UnsafeBuffer(bytes), 0);
        return bytes;
    }

    private static byte[] tcp(int flags, String source, String target) {
        byte[] segment = new byte[20];
        Packets.put16(segment, 0, 443);
        Packets.put16(segment, 2, 443);
        segment[12] = 0x50;
        segment[13] = (byte) flags;
        return Packets.ipv4(6, 0, source, target, segment);
    }
}
