package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random life of a small table: no slot is lost or given back twice, no bound exceeded. */
class NeighbourTableFuzzTest implements NeighbourTable.Listener {
    private static final int CAPACITY = 32;
    private static final int WAITING_MAX = 20;

    private final Set<Integer> waiting = new HashSet<>();
    private final Map<Long, Set<Long>> claimedMacs = new HashMap<>();
    private final NeighbourTable table = new NeighbourTable(CAPACITY, WAITING_MAX, this);
    private long nowNs;

    @Test
    void shouldKeepItsBooksWhateverHappens() {
        long seed = Long.getLong("spillway.seed", 4861);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < reduced(300_000, 20_000_000); i++) {
            try {
                step(random, i);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " #" + i, e);
            }
        }
    }

    private static int reduced(int count, int full) {
        return Boolean.getBoolean("spillway.long") ? full : count;
    }

    private void step(SplittableRandom random, int slot) {
        int spread = slot % 1000 < 900 ? 20 : 10_000; // now and then a scan
        long low = random.nextInt(spread);
        long mac = 0x0A00_0000_0000L + random.nextInt(3) + low * 4;
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> send(low, slot);
            case 3 -> advertise(random, low, mac);
            case 4 -> {
                claim(low, mac);
                table.onAsked(0, 1, low, mac, nowNs);
            }
            case 5 -> table.onAdvertised(0, 1, low, 0, random.nextBoolean(), true, nowNs);
            case 6 -> nowNs += random.nextInt(1_500_000_000);
            default -> assertTrue(table.poll(nowNs) <= NeighbourTable.TIMERS_PER_POLL_MAX);
        }
        assertTrue(table.count() <= CAPACITY);
        assertEquals(waiting.size(), table.waitingCount());
        assertTrue(table.waitingCount() <= WAITING_MAX);
    }

    private void send(long low, int slot) {
        long mac = table.lookup(0, 1, low, nowNs);
        if (mac != 0) {
            assertTrue(claimedMacs.get(low).contains(mac), "a MAC nobody claimed");
            return;
        }
        waiting.add(slot);
        table.await(0, 1, low, slot, nowNs);
    }

    private void advertise(SplittableRandom random, long low, long mac) {
        claim(low, mac);
        table.onAdvertised(0, 1, low, mac, random.nextBoolean(), random.nextBoolean(), nowNs);
    }

    private void claim(long low, long mac) {
        claimedMacs.computeIfAbsent(low, key -> new HashSet<>()).add(mac);
    }

    @Override
    public void onRequestDue(int interfaceIndex, long high, long low, long knownMac) {
        boolean isKnown = knownMac != 0;
        assertTrue(!isKnown || claimedMacs.get(low).contains(knownMac), "a MAC nobody claimed");
    }

    @Override
    public void onResolved(int slot, long mac) {
        assertTrue(waiting.remove(slot), "slot " + slot + " given back twice");
    }

    @Override
    public void onUnresolved(int slot, boolean hasTimedOut) {
        assertTrue(waiting.remove(slot), "slot " + slot + " given back twice");
    }
}
