package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SimulatedPort;
import io.spillway.tap.Errno;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

class TapReaderTest {
    private final SimulatedPort device = new SimulatedPort(false);
    private final PacketPool pool = new PacketPool(8);
    private final LanPort port = new LanPort(0, device, false, List.of(), new PacketRing(pool, 4));
    private final Counters counters = new Counters();
    private final Drops drops = new Drops(counters, pool);
    private final TapReader reader =
            new TapReader(port, pool, drops, new CachedNanoClock(), Capture.none());
    private final PacketBatch batch = new PacketBatch(4);

    @Test
    void shouldStayReadyWhileTheBatchIsTheLimit() {
        deliver(5);

        assertEquals(4, reader.read(batch));
        assertTrue(port.ready().isReady());
        batch.clear();

        assertEquals(1, reader.read(batch));
        assertFalse(port.ready().isReady());
        assertEquals(0, reader.read(batch));
    }

    @Test
    void shouldLetAFrameGoBeforeItAsksForTheNextWhereTheyComeSingly() {
        deliver(1);
        reader.read(batch);
        batch.clear();
        port.ready().set();
        deliver(3);

        assertEquals(1, reader.read(batch));
        assertTrue(port.ready().isReady());
        batch.clear();

        assertEquals(2, reader.read(batch));
        assertFalse(port.ready().isReady());
    }

    @Test
    void shouldReadWhatWaitsBehindAnError() {
        device.failRead(Errno.EIO);
        deliver(2);

        assertEquals(2, reader.read(batch));

        assertEquals(6, pool.freeCount());
        assertEquals(1, counters.dropped(DropReason.PORT_READ_FAILED));
    }

    @Test
    void shouldCallNothingADropThatStaysInTheKernelForWantOfASlot() {
        while (pool.freeCount() > 1) {
            pool.acquire();
        }
        deliver(2);

        assertEquals(1, reader.read(batch));

        assertEquals(0, counters.dropped(DropReason.POOL_EXHAUSTED));
        assertEquals(1, counters.postponedReads());
        assertTrue(port.ready().isReady());
        assertEquals(1, device.unreadCount());
    }

    @Test
    void shouldWriteAndReleaseAndCountRefusedFrames() {
        TapWriter writer = new TapWriter(port, pool, drops, new CachedNanoClock(), Capture.none());
        deliver(3);
        reader.read(batch);
        device.failWrites(Errno.EIO);

        writer.write(batch);

        assertEquals(3, counters.dropped(DropReason.PORT_WRITE_REFUSED));
        assertEquals(8, pool.freeCount());
        assertTrue(batch.isEmpty());
    }

    private void deliver(int count) {
        for (int i = 0; i < count; i++) {
            device.deliver(new byte[60]);
        }
    }
}
