package io.spillway.dataplane.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolSharesTest {
    private static final int BATCH = 32;

    @Test
    void shouldGiveHalfToTheLanAgentWhichHasThePorts() {
        assertArrayEquals(new int[] {128, 128, 256}, PoolShares.of(Threading.dedicated(2), 512));
    }

    @Test
    void shouldGiveThreeQuartersOfThatHalfToPortAgents() {
        assertArrayEquals(
                new int[] {256, 96, 96, 64}, PoolShares.of(Threading.dedicated(2, 1), 512));
    }

    @Test
    void shouldLeaveABatchToEverybodyAndNoSlotToNobody() {
        for (int ports : List.of(0, 1, 2, 4, 8, 16)) {
            for (int wans : List.of(1, 2, 4, 8, 16)) {
                Threading threading = Threading.dedicated(ports, wans);
                int least = PoolShares.slotsMin(threading);
                for (int slots = least; slots < least + 100; slots++) {
                    int[] shares = PoolShares.of(threading, slots);
                    assertEquals(1 + ports + wans, shares.length);
                    assertEquals(slots, Arrays.stream(shares).sum());
                    assertTrue(
                            Arrays.stream(shares).min().orElseThrow() >= BATCH,
                            threading.describe() + ", " + slots);
                }
            }
        }
    }

    @Test
    void shouldRefuseThreadsThatNothingCanBeSharedBetween() {
        for (int threads : new int[] {-1, 3, 32}) {
            assertThrows(IllegalArgumentException.class, () -> Threading.dedicated(threads, 1));
            assertThrows(IllegalArgumentException.class, () -> Threading.dedicated(threads));
        }
        assertThrows(IllegalArgumentException.class, () -> Threading.dedicated(0));
        assertThrows(
                IllegalArgumentException.class, () -> new Threading(ThreadingMode.SHARED, 1, 1));
    }
}
