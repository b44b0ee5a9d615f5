package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.flow.FlowTable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One packet's flow found among many, or not found and put in the place of another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FlowTableBenchmark {
    private static final int SEED = 1;
    private static final int TCP = 6;
    private static final int SOURCE = 0x0a01_0000;
    private static final int DESTINATION = 0x0a02_0001;
    private static final int DESTINATION_PORT = 443;

    /** Next to each other in the walk are flows that lie apart; coprime to the counts. */
    private static final int STRIDE = 7_919;

    @Param({"1000", "100000", "1000000"})
    public int flowCount;

    private final FiveTuple tuple = new FiveTuple();
    private FlowTable flows;
    private int[] known;
    private int position;
    private int fresh;
    private long nowNs;

    /** Known flows are those that none after them has evicted. */
    @Setup
    public void start() {
        flows = new FlowTable(2 * flowCount, SEED);
        Map<Integer, Integer> flowByEntry = new HashMap<>();
        while (flowByEntry.size() < flowCount) {
            flowByEntry.put(touch(fresh), fresh);
            fresh++;
        }
        known = flowByEntry.values().stream().mapToInt(Integer::intValue).toArray();
    }

    @Benchmark
    public int hit() {
        position = (position + STRIDE) % flowCount;
        return touch(known[position]);
    }

    @Benchmark
    public int miss() {
        return touch(fresh++);
    }

    private int touch(int flow) {
        tuple.sourceLow = SOURCE + (flow >>> Short.SIZE);
        tuple.sourcePort = flow & 0xffff;
        tuple.destinationLow = DESTINATION;
        tuple.destinationPort = DESTINATION_PORT;
        tuple.protocol = TCP;
        return flows.touch(tuple, nowNs++);
    }
}
