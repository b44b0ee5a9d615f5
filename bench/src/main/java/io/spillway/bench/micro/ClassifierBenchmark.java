package io.spillway.bench.micro;

import io.spillway.dataplane.firewall.Classifier;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.ValueSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The first rule of an {@link AccessList} for a packet that begins a flow. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClassifierBenchmark {
    private static final int PACKETS = AccessList.PACKETS;

    @Param({"100", "1000", "10000"})
    public int ruleCount;

    private final PacketKey key = new PacketKey();
    private final long[] sources = new long[PACKETS];
    private final long[] destinations = new long[PACKETS];
    private final int[] services = new int[PACKETS];
    private Classifier classifier;
    private int next;

    @Setup
    public void start() throws PolicyTooLargeException {
        AccessList list = new AccessList(ruleCount);
        classifier = new Classifier(list.rules.stream().map(AccessList.Rule::match).toList());
        key.sourcePort = AccessList.SOURCE_PORT;
        for (int i = 0; i < PACKETS; i++) {
            AccessList.Packet packet = list.packets.get(i);
            sources[i] = ValueSet.mapped(packet.source());
            destinations[i] = ValueSet.mapped(packet.destination());
            services[i] = PacketKey.service(packet.protocol(), packet.port());
        }
    }

    @Benchmark
    public int classify() {
        int packet = next++ & PACKETS - 1;
        key.sourceLow = sources[packet];
        key.destinationLow = destinations[packet];
        key.service = services[packet];
        return classifier.classify(key);
    }
}
