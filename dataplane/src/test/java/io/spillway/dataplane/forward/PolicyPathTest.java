package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a policy makes of packets between the LAN's networks: R052, D46. */
class PolicyPathTest {
    private static final int UDP = 17;
    private static final int ACK = 0x10;

    /** In network 0, and a printer in network 1. */
    private static final String HOST = "10.1.0.7";

    private static final String PRINTER = "10.1.1.8";
    private static final String SCANNER = "10.1.1.9";

    private final ForwardFixture fixture = new ForwardFixture();
    private final PacketBatch batch = new PacketBatch(1);

    @BeforeEach
    void bringTunnelsUp() {
        fixture.install(fixture.pop, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.first, SessionPair.of(2, 3, 4).client());
    }

    private static Party at(String prefix) {
        return Party.at(ValueSet.of(Prefix.parse(prefix)));
    }

    private static Service udpPort(int port) {
        int number = PacketKey.service(UDP, port);
        return new Service(ValueSet.range(number, number), ValueSet.ANY);
    }

    /** From network 0 to the printer, port 53 only; from anywhere to the scanner, by the cloud. */
    private static List<NetworkRule> rules(FirewallRule.Action action) {
        RuleScope toPrinter =
                new RuleScope(at("10.1.0.0/24"), at("10.1.1.8/32"), false, List.of(Service.ANY));
        RuleScope asking = new RuleScope(Party.ANYBODY, Party.ANYBODY, false, List.of(udpPort(53)));
        RuleScope toScanner =
                new RuleScope(Party.ANYBODY, at("10.1.1.9/32"), false, List.of(Service.ANY));
        return List.of(
                new NetworkRule(
                        "printer",
                        toPrinter,
                        NetworkRule.Transport.LAN,
                        List.of(new FirewallRule("ask", asking, action))),
                new NetworkRule("scanner", toScanner, NetworkRule.Transport.WAN, List.of()));
    }

    private LanPolicy publish(FirewallRule.Action action, boolean isOpen) throws Exception {
        LanPolicy policy = new LanPolicy(new CompiledPolicy(rules(action)), isOpen);
        fixture.firewall.publish(policy);
        return policy;
    }

    /** Through firewall and router; null: dropped. */
    private PacketBuffer walk(PacketBuffer packet) {
        batch.clear();
        batch.add(packet);
        fixture.firewall.process(batch);
        return batch.isEmpty() ? null : fixture.route(batch.get(0));
    }

    private PacketBuffer lan(int network, String source, String target, int port) {
        PacketBuffer packet = fixture.fromLan(udp(source, target, port, new byte[4]));
        packet.ingressInterface = network;
        return packet;
    }

    @Test
    void shouldLetPassWhatARuleAllowsAndItsAnswers() throws Exception {
        LanPolicy policy = publish(FirewallRule.Action.ALLOW, true);

        PacketBuffer question = walk(lan(0, HOST, PRINTER, 53));
        assertEquals(1, question.egressInterface);
        PacketBuffer answer = walk(answerTo(PRINTER, HOST));
        assertEquals(0, answer.egressInterface);
        assertNull(walk(lan(0, HOST, PRINTER, 54)), "blocked unsaid");
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_BLOCKED));
        assertEquals(1, blocked(policy));
    }

    private PacketBuffer answerTo(String source, String target) {
        byte[] bytes = udp(source, target, 53, new byte[4]);
        Packets.put16(bytes, 20, 53);
        Packets.put16(bytes, 22, Packets.get16(udp(target, source, 53, new byte[4]), 20));
        Packets.put16(bytes, 26, 0); // no checksum
        PacketBuffer packet = fixture.fromLan(bytes);
        packet.ingressInterface = 1;
        return packet;
    }

    private static long blocked(LanPolicy policy) {
        long count = 0;
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            count += policy.blocked(i);
        }
        return count;
    }

    @Test
    void shouldHoldANewPolicyAgainstFlowsThatHaveBegun() throws Exception {
        publish(FirewallRule.Action.ALLOW, true);
        assertNotNull(walk(lan(0, HOST, PRINTER, 53)));

        publish(FirewallRule.Action.BLOCK, true);

        assertNull(walk(answerTo(PRINTER, HOST)), "an answer too");
        assertNull(walk(lan(0, HOST, PRINTER, 53)));
        publish(FirewallRule.Action.ALLOW, true);
        assertNotNull(walk(answerTo(PRINTER, HOST)));
        fixture.firewall.publish(null);
        assertNotNull(walk(lan(0, HOST, PRINTER, 54)));
    }

    @Test
    void shouldCountFlowsThatMakeRoomForOthers() throws Exception {
        publish(FirewallRule.Action.ALLOW, true);

        PacketBuffer first = lan(0, HOST, SCANNER, 1);
        for (int port = 2; port < 4096; port++) {
            fixture.pool.release(lan(0, HOST, SCANNER, port)); // which has its place already
        }
        int evictedBefore = fixture.flows.evictedCount();

        walk(first);

        assertEquals(evictedBefore + 1, fixture.flows.evictedCount());
        assertEquals(1, fixture.counters.evictedFlows());
    }

    @Test
    void shouldSendByTheCloudWhatNoRuleKeepsHere() throws Exception {
        publish(FirewallRule.Action.ALLOW, true);

        assertEquals(Exit.tunnel(0), walk(lan(0, HOST, SCANNER, 53)).exit, "by its rule");
        assertEquals(Exit.tunnel(0), walk(lan(1, PRINTER, HOST, 99)).exit, "by none");
        assertEquals(Exit.tunnel(1), walk(lan(0, HOST, "10.2.0.8", 53)).exit, "not of the LAN");
    }

    @Test
    void shouldTakeBackFromThePopOnlyWhatWentThere() throws Exception {
        publish(FirewallRule.Action.ALLOW, true);
        byte[] packet = udp(HOST, SCANNER, 53, new byte[4]);
        assertNull(back(packet), "nothing went there");

        walk(fixture.fromLan(packet));

        assertEquals(1, back(packet).egressInterface);
        assertEquals(1, fixture.dropped(DropReason.SOURCE_NOT_FROM_PEER));
    }

    /** Neither a flow that stays here nor one that is blocked comes back from anywhere. */
    @Test
    void shouldTakeNothingFromThePopOfWhatStaysHere() throws Exception {
        publish(FirewallRule.Action.ALLOW, true);
        byte[] allowed = udp(HOST, PRINTER, 53, new byte[4]);
        byte[] blocked = udp(HOST, PRINTER, 54, new byte[4]);
        assertNotNull(walk(fixture.fromLan(allowed)));
        assertNull(walk(fixture.fromLan(blocked)));

        assertNull(back(allowed));
        assertNull(back(blocked));
        assertEquals(2, fixture.dropped(DropReason.SOURCE_NOT_FROM_PEER));
    }

    /** A flow that was begun by a card stays allowed when routes change and its answer is first. */
    @Test
    void shouldNotEndByAnAnswerWhatACardMayDo() throws Exception {
        long mac = fixture.fromLan(udp(HOST, PRINTER, 53, new byte[4])).ingressMac;
        Party card =
                new Party(ValueSet.NONE, ValueSet.NONE, ValueSet.NONE, ValueSet.range(mac, mac));
        RuleScope fromCard = new RuleScope(card, Party.ANYBODY, false, List.of(Service.ANY));
        NetworkRule rule =
                new NetworkRule(
                        "card",
                        fromCard,
                        NetworkRule.Transport.LAN,
                        List.of(new FirewallRule("all", RuleScope.ANY, FirewallRule.Action.ALLOW)));
        LanPolicy policy = new LanPolicy(new CompiledPolicy(List.of(rule)), false);
        fixture.firewall.publish(policy);
        assertEquals(1, walk(lan(0, HOST, PRINTER, 53)).egressInterface);

        fixture.publish(1, 0, List.of(fixture.first)); // other routes
        assertEquals(0, walk(answerTo(PRINTER, HOST)).egressInterface);
        assertEquals(1, walk(lan(0, HOST, PRINTER, 53)).egressInterface);
        fixture.firewall.publish(new LanPolicy(new CompiledPolicy(List.of(rule)), false));
        walk(answerTo(PRINTER, HOST));
        assertEquals(1, walk(lan(0, HOST, PRINTER, 53)).egressInterface, "by another policy");
        long counted = 0;
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            counted += policy.flows(i);
        }
        assertEquals(1, counted, "one flow, however often it was looked at");
    }

    private PacketBuffer back(byte[] bytes) {
        PacketBuffer packet = fixture.fromTunnel(bytes, fixture.pop);
        batch.clear();
        batch.add(packet);
        fixture.guard.process(batch);
        return batch.isEmpty() ? null : walk(batch.get(0));
    }

    @Test
    void shouldKeepHereOrBlockWithoutACloudWhatWouldGoThere() throws Exception {
        fixture.cloud = SiteExit.NOWHERE;
        fixture.publish(1, 0, List.of(fixture.first));

        publish(FirewallRule.Action.ALLOW, true);
        assertEquals(1, walk(lan(0, HOST, SCANNER, 53)).egressInterface);
        publish(FirewallRule.Action.ALLOW, false);
        assertNull(walk(lan(0, HOST, SCANNER, 53)));
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_NO_CLOUD));
        assertNotNull(walk(lan(0, HOST, PRINTER, 53)), "the LAN's rules stay in force");
    }

    /** After a restart the answer of a session that goes on may be what we see first. */
    @Test
    void shouldTakeUpSessionsInTheirMiddleWhicheverEndSpeaksFirst() throws Exception {
        RuleScope out =
                new RuleScope(at("10.1.0.0/24"), at("10.1.1.0/24"), false, List.of(Service.ANY));
        NetworkRule rule =
                new NetworkRule(
                        "out",
                        out,
                        NetworkRule.Transport.LAN,
                        List.of(new FirewallRule("all", RuleScope.ANY, FirewallRule.Action.ALLOW)));
        fixture.firewall.publish(new LanPolicy(new CompiledPolicy(List.of(rule)), false));

        assertNotNull(walk(tcp(ACK, PRINTER, HOST, 1)));
        assertNotNull(walk(tcp(ACK, HOST, PRINTER, 0)));
        assertEquals(Exit.tunnel(0), walk(tcp(2, SCANNER, HOST, 1)).exit, "a new one");
    }

    @Test
    void shouldJudgeFragmentsByTheirFirst() throws Exception {
        publish(FirewallRule.Action.ALLOW, false);
        byte[] datagram = udp(HOST, PRINTER, 53, new byte[24]);
        assertNull(walk(fragment(datagram, 2, 7)), "the first is missing");
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_FRAGMENT_UNKNOWN));

        assertNotNull(walk(fragment(datagram, Ipv4Header.MORE_FRAGMENTS, 7)));

        assertNotNull(walk(fragment(datagram, 2, 7)));
        assertNull(walk(fragment(datagram, 2, 8)), "of another packet");
        datagram = udp(HOST, PRINTER, 54, new byte[24]);
        assertNull(walk(fragment(datagram, Ipv4Header.MORE_FRAGMENTS, 9)));
        assertNull(walk(fragment(datagram, 2, 9)), "of one that was blocked");
        fixture.publish(1, 0, List.of(fixture.first)); // other routes
        assertNotNull(walk(fragment(datagram(53), 2, 7)), "by the policy from before");
        assertNotNull(walk(lan(0, HOST, PRINTER, 53)), "and decides nothing for its flow");
        publish(FirewallRule.Action.ALLOW, false);
        assertNull(walk(fragment(datagram(53), 2, 7)), "not by another policy");
        fixture.firewall.publish(null);
        assertNotNull(walk(fragment(datagram, 2, 10)));
    }

    private static byte[] datagram(int port) {
        return udp(HOST, PRINTER, port, new byte[24]);
    }

    /** Fragments and errors have no ports of the flow that they belong to. */
    @Test
    void shouldTakeBackFragmentsAndErrorsThatWentToThePop() throws Exception {
        publish(FirewallRule.Action.ALLOW, true);
        byte[] datagram = udp(HOST, SCANNER, 53, new byte[24]);
        byte[] later = fragmentOf(datagram, 2, 7);
        byte[] error = errorOf(SCANNER, HOST, datagram);
        assertNull(back(later));
        assertNull(back(error));

        walk(fragment(datagram, Ipv4Header.MORE_FRAGMENTS, 7));
        assertEquals(Exit.tunnel(0), walk(fixture.fromLan(later)).exit);
        PacketBuffer sent = fixture.fromLan(error);
        sent.ingressInterface = 1;
        assertEquals(Exit.tunnel(0), walk(sent).exit);

        assertEquals(1, back(later).egressInterface);
        assertEquals(0, back(error).egressInterface);
    }

    private PacketBuffer fragment(byte[] datagram, int field, int identification) {
        return fixture.fromLan(fragmentOf(datagram, field, identification));
    }

    private static byte[] fragmentOf(byte[] datagram, int field, int identification) {
        byte[] bytes = datagram.clone();
        Packets.put16(bytes, Ipv4Header.IDENTIFICATION_OFFSET, identification);
        Packets.put16(bytes, Ipv4Header.FRAGMENT_OFFSET, field);
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        Ipv4Header.writeChecksum(buffer, 0);
        return bytes;
    }

    @Test
    void shouldTakeErrorsOnlyAboutWhatWasThere() throws Exception {
        publish(FirewallRule.Action.ALLOW, false);
        byte[] question = udp(HOST, PRINTER, 53, new byte[4]);
        assertNull(walk(error(question)), "nothing of the kind was sent");
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_UNRELATED_ERROR));

        walk(fixture.fromLan(question));

        assertEquals(0, walk(error(question)).egressInterface);
        publish(FirewallRule.Action.BLOCK, false);
        assertNull(walk(fixture.fromLan(question)));
        assertNull(walk(error(question)));
        assertNull(walk(error(new byte[3])), "quotes nothing");
    }

    private PacketBuffer error(byte[] about) {
        return error(about, HOST);
    }

    private PacketBuffer error(byte[] about, String target) {
        PacketBuffer packet = fixture.fromLan(errorOf(PRINTER, target, about));
        packet.ingressInterface = 1;
        return packet;
    }

    /** Who may be told of a flow is who began it, not any host behind the gateway. */
    @Test
    void shouldTakeErrorsOnlyForWhoSentWhatTheyQuote() throws Exception {
        publish(FirewallRule.Action.ALLOW, false);
        byte[] question = udp(HOST, PRINTER, 53, new byte[4]);
        walk(fixture.fromLan(question));

        assertNull(walk(error(question, "10.1.0.99")));

        assertEquals(1, fixture.dropped(DropReason.FIREWALL_UNRELATED_ERROR));
        assertEquals(0, walk(error(question)).egressInterface);
    }

    /** Both ends have the same port: the other's may not be taken for an answer to what died. */
    @Test
    void shouldLetTheOtherEndBeginWhatWasBlocked() throws Exception {
        RuleScope ask =
                new RuleScope(at("10.1.1.0/24"), at("10.1.0.0/24"), false, List.of(udpPort(5060)));
        NetworkRule call = rule("call", ask, FirewallRule.Action.ALLOW);
        RuleScope back =
                new RuleScope(at("10.1.0.0/24"), at("10.1.1.0/24"), false, List.of(Service.ANY));
        NetworkRule silent = rule("silent", back, FirewallRule.Action.BLOCK);
        publish(List.of(call, silent));
        assertNull(walk(samePorts(HOST, PRINTER, 0)), "may not begin");

        assertEquals(0, walk(samePorts(PRINTER, HOST, 1)).egressInterface);
        assertEquals(1, walk(samePorts(HOST, PRINTER, 0)).egressInterface, "answers");
        publish(List.of(silent));
        assertNull(walk(samePorts(HOST, PRINTER, 0)), "ended");
        assertEquals(1, fixture.dropped(DropReason.FIREWALL_NO_CLOUD));
        publish(List.of(silent, call));
        assertNotNull(walk(samePorts(PRINTER, HOST, 1)), "whoever began it");
    }

    /** Questions without ports are flows of their own. */
    @Test
    void shouldTellQuestionsOfIcmpApart() throws Exception {
        int echo = PacketKey.service(1, 8 << 8);
        Service echoes = new Service(ValueSet.range(echo, echo | 0xFF), ValueSet.ANY);
        RuleScope ask = new RuleScope(at("10.1.0.0/24"), at("10.1.1.0/24"), false, List.of(echoes));
        publish(List.of(rule("ask", ask, FirewallRule.Action.ALLOW)));

        assertNotNull(walk(icmp(8, HOST, PRINTER, 0)));
        assertNotNull(walk(icmp(0, PRINTER, HOST, 1)));
        assertNull(walk(icmp(13, HOST, PRINTER, 0)), "same identifier");
    }

    /** Parts that belong to other flows begin none that has no ports either. */
    @Test
    void shouldBeginNoFlowByALaterFragment() throws Exception {
        RuleScope out =
                new RuleScope(at("10.1.0.0/24"), at("10.1.1.0/24"), false, List.of(Service.ANY));
        publish(List.of(rule("out", out, FirewallRule.Action.ALLOW)));
        byte[] back = Packets.ipv4(50, 0, PRINTER, HOST, new byte[24]);
        PacketBuffer later = fixture.fromLan(fragmentOf(back, 2, 7));
        later.ingressInterface = 1;
        assertNull(walk(later));

        assertNotNull(walk(fixture.fromLan(Packets.ipv4(50, 0, HOST, PRINTER, new byte[24]))));
    }

    private static NetworkRule rule(String name, RuleScope scope, FirewallRule.Action action) {
        return new NetworkRule(
                name,
                scope,
                NetworkRule.Transport.LAN,
                List.of(new FirewallRule("all", RuleScope.ANY, action)));
    }

    /** Without a PoP, and closed. */
    private void publish(List<NetworkRule> rules) throws Exception {
        fixture.cloud = SiteExit.NOWHERE;
        fixture.publish(1, 0, List.of(fixture.first));
        fixture.firewall.publish(new LanPolicy(new CompiledPolicy(rules), false));
    }

    private PacketBuffer samePorts(String source, String target, int network) {
        byte[] bytes = udp(source, target, 5060, new byte[4]);
        Packets.put16(bytes, 20, 5060);
        Packets.put16(bytes, 26, 0); // no checksum
        PacketBuffer packet = fixture.fromLan(bytes);
        packet.ingressInterface = network;
        return packet;
    }

    private PacketBuffer icmp(int type, String source, String target, int network) {
        byte[] message = {(byte) type, 0, 0, 0, 0, 7, 0, 1};
        PacketBuffer packet = fixture.fromLan(Packets.ipv4(1, 0, source, target, message));
        packet.ingressInterface = network;
        return packet;
    }

    private static byte[] errorOf(String source, String target, byte[] about) {
        byte[] header = {3, 3, 0, 0, 0, 0, 0, 0};
        return Packets.ipv4(1, 0, source, target, header, about);
    }

    private PacketBuffer tcp(int flags, String source, String target, int network) {
        byte[] segment = new byte[20];
        Packets.put16(segment, 0, 443);
        Packets.put16(segment, 2, 443);
        segment[12] = 0x50;
        segment[13] = (byte) flags;
        PacketBuffer packet = fixture.fromLan(Packets.ipv4(6, 0, source, target, segment));
        packet.ingressInterface = network;
        return packet;
    }
}
