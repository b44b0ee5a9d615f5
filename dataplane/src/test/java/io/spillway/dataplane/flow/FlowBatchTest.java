package io.spillway.dataplane.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.sim.Sim;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A batch's flows that are looked for together are those that would be found one by one. */
class FlowBatchTest {
    private static final int TCP = 6;
    private static final int BATCH = FlowTable.LOOK_MAX + 6;
    private static final long TICK_NS = 1 << 20;

    private final PacketPool pool = new PacketPool(BATCH);
    private final PacketBatch batch = new PacketBatch(BATCH);
    private final PacketBuffer[] packets = new PacketBuffer[BATCH];

    @AfterEach
    void close() {
        pool.close();
    }

    /** More flows than there are places, several packets of some in a batch. */
    @Test
    void shouldFindTogetherWhatIsFoundOneByOne() {
        long seed = Sim.seed();
        SplittableRandom random = new SplittableRandom(seed);
        int tableSeed = random.nextInt();
        FlowTable together = new FlowTable(200, tableSeed);
        FlowTable alone = new FlowTable(200, tableSeed);
        for (int i = 0; i < BATCH; i++) {
            packets[i] = pool.acquire();
            packets[i].tuple.protocol = TCP;
        }
        for (int round = 0; round < Sim.count(2_000, 50_000); round++) {
            int count = 1 + random.nextInt(BATCH);
            batch.clear();
            for (int i = 0; i < count; i++) {
                choose(packets[i].tuple, random);
                batch.add(packets[i]);
            }
            long nowNs = round * TICK_NS;
            for (int i = 0; i < count; i++) {
                int ahead = i % FlowTable.LOOK_MAX;
                if (ahead == 0) {
                    together.look(batch, i);
                }
                int expected = alone.touch(packets[i].tuple, nowNs);
                int found = together.touch(ahead, packets[i], nowNs);
                assertEquals(expected, found, "seed " + seed + " #" + round);
            }
        }
        assertEquals(alone.evictedCount(), together.evictedCount(), "seed " + seed);
    }

    private static void choose(FiveTuple tuple, SplittableRandom random) {
        long host = random.nextInt(20);
        int port = random.nextInt(25);
        boolean isAnswer = random.nextBoolean();
        tuple.sourceLow = isAnswer ? 1_000 : host;
        tuple.destinationLow = isAnswer ? host : 1_000;
        tuple.sourcePort = isAnswer ? 443 : port;
        tuple.destinationPort = isAnswer ? port : 443;
    }
}
