package io.spillway.dataplane.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.Sim;
import io.spillway.dataplane.sim.SimulatedLink;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.Test;

class DatagramReceiverTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.2", 2);

    private final SimulatedLink device = new SimulatedLink.Network().link("192.0.2.1", 1);
    private final WanLink link = new WanLink(3, "wan1", device);
    private final PacketPool pool = new PacketPool(8);
    private final Counters counters = new Counters();
    private final CachedNanoClock clock = new CachedNanoClock();
    private final DatagramReceiver receiver =
            new DatagramReceiver(link, pool, new Drops(counters, pool), clock, Capture.none());

    /** Room for four calls: the last one may bring as many datagrams as any. */
    private final PacketBatch batch = new PacketBatch(3 + DatagramReceiver.DATAGRAMS_PER_CALL_MAX);

    @Test
    void shouldReceiveWithSourceLinkAndTime() {
        clock.update(77);
        device.deliver(SOURCE, new byte[] {1, 2, 3});

        assertEquals(1, receiver.receive(batch));

        assertEquals(3, batch.get(0).length());
        assertEquals(3, batch.get(0).ingressLink);
        assertEquals(77, batch.get(0).receivedNs);
        assertEquals(SOURCE, EndpointAddress.decode(batch.get(0).endpointAddress()));
    }

    @Test
    void shouldStayReadyWhileTheBatchIsTheLimit() {
        deliver(6);

        assertEquals(4, receiver.receive(batch));
        assertTrue(link.ready().isReady());
        batch.clear();

        assertEquals(2, receiver.receive(batch));
        assertFalse(link.ready().isReady());
    }

    @Test
    void shouldNotAskTheKernelUntilItIsReadyAgain() {
        receiver.receive(batch);
        deliver(1);
        assertEquals(0, receiver.receive(batch));

        link.ready().set();

        assertEquals(1, receiver.receive(batch));
    }

    @Test
    void shouldLetADatagramGoBeforeItAsksForTheNextWhereTheyComeSingly() {
        deliver(1);
        receiver.receive(batch);
        batch.clear();
        link.ready().set();
        deliver(3);

        assertEquals(1, receiver.receive(batch));
        assertTrue(link.ready().isReady());
        batch.clear();

        assertEquals(2, receiver.receive(batch));
        assertFalse(link.ready().isReady());
    }

    @Test
    void shouldTakeAnEmptyDatagram() {
        device.deliver(SOURCE, new byte[0]);

        assertEquals(1, receiver.receive(batch));
    }

    /** With edge-triggered readiness nobody would wake us for what waits behind the error. */
    @Test
    void shouldReceiveWhatWaitsBehindAnError() {
        device.failReceives(1, Errno.ECONNREFUSED);
        deliver(2);

        assertEquals(2, receiver.receive(batch));

        assertEquals(6, pool.freeCount());
        assertEquals(1, counters.dropped(DropReason.WAN_RECEIVE_FAILED));
    }

    @Test
    void shouldLetOthersHaveTheirTurnWhereAnErrorLasts() {
        device.failReceives(1000, Errno.ENETDOWN);
        deliver(1);

        assertEquals(0, receiver.receive(batch));

        long errors = counters.dropped(DropReason.WAN_RECEIVE_FAILED);
        assertTrue(errors > 1 && errors < 1000, errors + " errors in one turn");
        assertTrue(link.ready().isReady());
        assertEquals(8, pool.freeCount());
    }

    @Test
    void shouldStopAtAnExhaustedPoolAndStayReady() {
        while (pool.freeCount() > 1) {
            pool.acquire();
        }
        deliver(2);

        assertEquals(1, receiver.receive(batch));

        assertEquals(0, counters.dropped(DropReason.POOL_EXHAUSTED));
        assertEquals(1, counters.postponedReads());
        assertTrue(link.ready().isReady());
        assertEquals(1, device.unreceivedCount());
    }

    @Test
    void shouldGiveEachDatagramOfAMessageItsOwnBuffer() {
        device.deliver(SOURCE, new byte[] {1, 1, 2, 2, 3}, 2);

        assertEquals(3, receiver.receive(batch));

        assertArrayEquals(new byte[] {1, 1}, bytes(0));
        assertArrayEquals(new byte[] {2, 2}, bytes(1));
        assertArrayEquals(new byte[] {3}, bytes(2));
        assertEquals(SOURCE, EndpointAddress.decode(batch.get(2).endpointAddress()));
        assertEquals(7, pool.freeCount());
    }

    @Test
    void shouldTakeAMessageWithoutSoundSegmentLengthAsOneDatagram() {
        for (int segmentLength : new int[] {-1, 0, 5, 6}) {
            device.deliver(SOURCE, new byte[5], segmentLength);
        }

        assertEquals(4, receiver.receive(batch));

        assertEquals(5, batch.get(3).length());
    }

    @Test
    void shouldCountWhatFindsNoBuffer() {
        device.deliver(SOURCE, new byte[100], 1);

        assertEquals(64, receiver.receive(batch));

        assertEquals(36, counters.dropped(DropReason.POOL_EXHAUSTED));
    }

    private byte[] bytes(int index) {
        PacketBuffer datagram = batch.get(index);
        return Sim.bytes(datagram.memory(), datagram.offset(), datagram.length());
    }

    private void deliver(int count) {
        for (int i = 0; i < count; i++) {
            device.deliver(SOURCE, new byte[] {1});
        }
    }
}
