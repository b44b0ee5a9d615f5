package io.spillway.node.tunnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.forward.SessionTable;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionIdsTest {
    private static final int PLACES = 1 << SessionTable.INDEX_BITS;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16})
    void shouldLeadToTheThreadAndHaveAPlaceOfItsOwn(int threads) {
        var ids = new ConnectionIds(Threading.dedicated(threads), new Random(1));
        Set<Integer> places = new HashSet<>();
        for (int i = 1; i < PLACES; i++) {
            int thread = i % threads;

            int id = ids.allocate(thread);

            assertNotEquals(ConnectionIds.NONE, id);
            assertEquals(thread, ids.threadOf(id));
            assertEquals(thread, id & threads - 1);
            assertTrue(places.add(id & PLACES - 1), "place " + (id & PLACES - 1) + " twice");
        }
        for (int thread = 0; thread < threads; thread++) {
            assertEquals(ConnectionIds.NONE, ids.allocate(thread), "thread " + thread);
        }
    }

    @Test
    void shouldUseThePlaceOfAReleasedIdAgain() {
        var ids = new ConnectionIds(Threading.dedicated(2), new Random(1));
        for (int i = 0; i < PLACES / 2; i++) {
            ids.allocate(1);
        }
        int released = 7 << 16 | 0x1235;

        ids.release(released);

        assertEquals(0x1235, ids.allocate(1) & PLACES - 1);
        assertEquals(ConnectionIds.NONE, ids.allocate(1));
    }
}
