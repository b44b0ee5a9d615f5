package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.flow.FlowTable;
import org.junit.jupiter.api.Test;

class FlowDecisionsTest {
    /** Far above what a {@link Classifier} has room for. */
    private static final int RULES_MAX = 100_000_000;

    private final FlowTable flows = new FlowTable(1, 0);

    @Test
    void shouldHaveRoomForDecisionsAndForRulesOfTransportInAnEntry() {
        assertTrue(FlowDecisions.NOT_GOVERNED > RULES_MAX);
        assertTrue(FlowDecisions.NOT_GOVERNED <= FlowTable.DECISION_MAX - RULES_MAX);

        int flow = flows.touch(new FiveTuple(), 0);
        flows.decided(flow, 1, FlowDecisions.NOT_GOVERNED + RULES_MAX);

        assertFalse(flows.hasPassed(flow));
        assertTrue(flows.isFromBeginner(flow, new FiveTuple()));
        flows.passed(flow);
        flows.wentByPop(flow);
        flows.turn(flow);
        assertEquals(FlowDecisions.NOT_GOVERNED + RULES_MAX, flows.decision(flow));
    }
}
