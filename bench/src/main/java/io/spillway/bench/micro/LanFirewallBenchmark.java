package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.LanFirewall;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.flow.FlowTable;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The firewall step of packets whose flows a rule has allowed before: a batch of 64, each of
 * another flow, which are the next in a walk through all that there are.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LanFirewallBenchmark {
    private static final int COUNT = 64;
    private static final int SEED = 1;
    private static final int PAYLOAD_LENGTH = 1360;
    private static final int FIRST_SOURCE = 0x0a01_0001;

    /** Next to each other in the walk are flows that lie apart; coprime to the counts. */
    private static final int STRIDE = 7_919;

    @Param({"64", "1000", "100000", "1000000"})
    public int flowCount;

    private final PacketPool pool = new PacketPool(COUNT);
    private final Drops drops = new Drops(new Counters(), pool);
    private final PacketBatch batch = new PacketBatch(COUNT);
    private LanFirewall firewall;
    private int position;

    @Setup
    public void start() throws PolicyTooLargeException {
        ForwardingView forwarding = new ForwardingView();
        FibEntry route = new FibEntry(Prefix.parse("10.2.0.0/16"), NextHop.onLink(1));
        forwarding.publish(Forwarding.EMPTY.with(1, Fib.of(1, List.of(route))));
        FlowTable flows = new FlowTable(flowCount, SEED);
        firewall = new LanFirewall(forwarding, flows, SEED, null, drops, new SystemNanoClock());
        FirewallRule all = new FirewallRule("all", RuleScope.ANY, FirewallRule.Action.ALLOW);
        NetworkRule rule =
                new NetworkRule("all", RuleScope.ANY, NetworkRule.Transport.LAN, List.of(all));
        firewall.publish(new LanPolicy(new CompiledPolicy(List.of(rule)), true));
        fill();
        for (int i = 0; i < flowCount; i += COUNT) {
            established();
        }
    }

    private void fill() {
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = FlowPackets.tcp(4, 0, 0, PAYLOAD_LENGTH);
            PacketBuffer packet = pool.acquire();
            packet.reset(bytes.length);
            packet.memory().putBytes(packet.offset(), bytes);
            packet.ingressInterface = 0;
            batch.add(packet);
        }
        new PacketDecoder(drops).process(batch);
    }

    @TearDown
    public void stop() {
        pool.close();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int established() {
        for (int i = 0; i < COUNT; i++) {
            batch.get(i).tuple.sourceLow = FIRST_SOURCE + position;
            position = (position + STRIDE) % flowCount;
        }
        firewall.process(batch);
        if (batch.size() != COUNT) {
            throw new IllegalStateException("kept " + batch.size() + " of " + COUNT);
        }
        return batch.size();
    }
}
