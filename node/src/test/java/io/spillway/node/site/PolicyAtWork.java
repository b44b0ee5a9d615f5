package io.spillway.node.site;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.LocalAddresses;
import io.spillway.dataplane.forward.SiteExit;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.TunnelTable;
import io.spillway.dataplane.forward.WanTransport;
import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/**
 * Policies whose rules count real packets: rule N speaks of 10.2.N.0/24, a rule for other sites of
 * all that goes to one, which has 10.9.0.0/16.
 */
final class PolicyAtWork implements AutoCloseable {
    private static final int IP_LENGTH = 20;
    private static final int UDP_LENGTH = 8;
    private static final int UDP = 17;
    private static final int SOURCE = 0x0a010007;
    private static final int FIRST_TARGET = 0x0a020009;
    private static final int SITE_TARGET = 0x0a090009;
    private static final int FIRST_PORT = 53;

    private final PacketPool pool = new PacketPool(1);
    private final Drops drops = new Drops(new Counters(), pool);
    private final PacketDecoder decoder = new PacketDecoder(drops);
    private final PacketBatch batch = new PacketBatch(1);
    private final LanFirewall firewall;
    private LanPolicy policy;
    private int port = FIRST_PORT;

    PolicyAtWork() {
        ForwardingView view = new ForwardingView();
        List<FibEntry> routes =
                List.of(
                        new FibEntry(Prefix.parse("10.0.0.0/8"), NextHop.onLink(1)),
                        new FibEntry(Prefix.parse("10.9.0.0/16"), NextHop.site(0)));
        view.publish(
                new Forwarding(
                        1,
                        1,
                        0,
                        Fib.of(1, routes),
                        List.of(SiteExit.NOWHERE),
                        TunnelTable.EMPTY,
                        LocalAddresses.NONE));
        firewall = new LanFirewall(view, new FlowTable(1 << 12, 1), 1, null, drops, () -> 0);
    }

    /**
     * @param actions of rules r0, r1, ... in the network rule "all", which are told of; below them
     *     all is blocked, and told of
     */
    LanPolicy publish(FirewallRule.Action... actions) throws PolicyTooLargeException {
        return publish(List.of(), actions);
    }

    /**
     * @param wanRules names of rules for other sites, of which the first decides
     */
    LanPolicy publish(List<String> wanRules, FirewallRule.Action... actions)
            throws PolicyTooLargeException {
        List<FirewallRule> rules = new ArrayList<>();
        for (int i = 0; i < actions.length; i++) {
            Party there = Party.at(ValueSet.of(Prefix.parse("10.2." + i + ".0/24")));
            RuleScope scope = new RuleScope(Party.ANYBODY, there, false, List.of(Service.ANY));
            rules.add(new FirewallRule("r" + i, scope, actions[i], true));
        }
        NetworkRule all =
                new NetworkRule("all", RuleScope.ANY, NetworkRule.Transport.LAN, rules, true);
        var choice = new TransportRules.Choice(WanTransport.CLOUD, WanTransport.AUTOMATIC);
        TransportPolicy wan =
                TransportPolicy.of(
                        wanRules.stream()
                                .map(name -> new TransportRule(name, RuleScope.ANY, choice))
                                .toList());
        policy = new LanPolicy(new CompiledPolicy(List.of(all)), true, wan);
        firewall.publish(policy);
        return policy;
    }

    /** Each of another flow, to the rule's network. */
    void send(int rule, int packets) {
        sendTo(FIRST_TARGET | rule << 8, packets);
    }

    /** Each of another flow, to another site. */
    void sendToSite(int packets) {
        sendTo(SITE_TARGET, packets);
    }

    private void sendTo(int target, int packets) {
        for (int i = 0; i < packets; i++) {
            PacketBuffer packet = pool.acquire();
            packet.reset(IP_LENGTH + UDP_LENGTH);
            write(packet.memory(), packet.offset(), target);
            packet.ingressInterface = 0;
            batch.add(packet);
            decoder.process(batch);
            firewall.process(batch);
            if (!batch.isEmpty()) {
                pool.release(batch.get(0));
                batch.clear();
            }
        }
    }

    /** RFC 791 section 3.1, RFC 768; without a checksum of UDP. */
    private void write(MutableDirectBuffer memory, int at, int target) {
        memory.setMemory(at, IP_LENGTH + UDP_LENGTH, (byte) 0);
        memory.putByte(at, (byte) 0x45);
        memory.putShort(at + 2, (short) (IP_LENGTH + UDP_LENGTH), BIG_ENDIAN);
        memory.putByte(at + 8, (byte) 64);
        memory.putByte(at + 9, (byte) UDP);
        memory.putInt(at + 12, SOURCE, BIG_ENDIAN);
        memory.putInt(at + 16, target, BIG_ENDIAN);
        int checksum = Checksum.ofSum(Checksum.sum(memory, at, IP_LENGTH));
        memory.putShort(at + 10, (short) checksum, BIG_ENDIAN);
        memory.putShort(at + IP_LENGTH, (short) 40_000, BIG_ENDIAN);
        memory.putShort(at + IP_LENGTH + 2, (short) port++, BIG_ENDIAN);
        memory.putShort(at + IP_LENGTH + 4, (short) UDP_LENGTH, BIG_ENDIAN);
    }

    @Override
    public void close() {
        pool.close();
    }
}
