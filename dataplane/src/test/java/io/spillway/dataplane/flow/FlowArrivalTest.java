package io.spillway.dataplane.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends that answer the way the other came, and the end of that. */
class FlowArrivalTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int POP = 1;
    private static final int DIRECT = 2;

    private final FlowTable flows = new FlowTable(4, 1);
    private int flow;

    @BeforeEach
    void makeFlow() {
        flow = flows.touch(new FiveTuple(), 0);
    }

    @Test
    void shouldNotAnswerARunOfArrivalsForEver() {
        for (long nowNs = 0; nowNs < 5 * SECOND_NS; nowNs += SECOND_NS / 10) {
            flows.arrived(flow, DIRECT, nowNs);
            assertEquals(nowNs < SECOND_NS ? DIRECT : PacketBuffer.NONE, answer(nowNs));
        }
    }

    @Test
    void shouldAnswerWhatCameBackToATunnel() {
        flows.arrived(flow, DIRECT, 0);
        flows.arrived(flow, POP, 2 * SECOND_NS);
        flows.arrived(flow, DIRECT, 3 * SECOND_NS);

        assertEquals(DIRECT, answer(3 * SECOND_NS));
    }

    @Test
    void shouldAnswerAfterAPause() {
        flows.arrived(flow, DIRECT, 0);
        flows.arrived(flow, DIRECT, FlowTable.RUN_PAUSE_NS);

        assertEquals(DIRECT, answer(FlowTable.RUN_PAUSE_NS));
    }

    /** After a return both transports say cloud: no pace of packets may hold the ends back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 300, 999, 1000, 1500, 1999, 2000, 5000})
    void shouldLetGoOfOneAnother(int intervalMs) {
        FlowTable[] ends = {flows, new FlowTable(4, 1)};
        ends[1].touch(new FiveTuple(), 0);
        ends[0].arrived(flow, DIRECT, 0);
        int sent = DIRECT;
        long nowNs = 0;
        for (int turn = 0; sent == DIRECT && nowNs <= 10 * SECOND_NS; turn ^= 1) {
            nowNs += intervalMs * 1_000_000L;
            sent = ends[turn].arrivalTunnel(flow, nowNs, SECOND_NS);
            ends[turn ^ 1].arrived(flow, sent == DIRECT ? DIRECT : POP, nowNs);
        }

        assertEquals(PacketBuffer.NONE, sent);
        assertTrue(nowNs <= 3 * SECOND_NS || intervalMs > 1000, () -> intervalMs + " ms");
    }

    private int answer(long nowNs) {
        return flows.arrivalTunnel(flow, nowNs, SECOND_NS);
    }
}
