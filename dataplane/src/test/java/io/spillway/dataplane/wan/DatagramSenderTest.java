package io.spillway.dataplane.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.DropTotals;
import io.spillway.dataplane.sim.SimulatedLink;
import io.spillway.dataplane.sim.SimulatedLink.Sent;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramSenderTest {
    private final SimulatedLink.Network network = new SimulatedLink.Network();
    private final SimulatedLink local = network.link("192.0.2.1", 1);
    private final SimulatedLink remote = network.link("192.0.2.2", 2);
    private final CachedNanoClock clock = new CachedNanoClock();
    private final Counters counters = new Counters();
    private final DatagramSender sender =
            new DatagramSender(
                    List.of(new WanLink(0, "wan1", local)),
                    new Drops(counters, new PacketPool(1)),
                    clock,
                    Capture.none());
    private final DatagramBatch batch = new DatagramBatch();
    private final UnsafeBuffer endpoint =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));

    @BeforeEach
    void fill() {
        EndpointAddress.encode(remote.localEndpoint(), endpoint.addressOffset());
        clock.update(-5);
        refill(1000, 1000, 600);
    }

    @Test
    void shouldSendABatchInOneCall() {
        sender.send(batch);

        assertEquals(List.of(new Sent(2600, 1000)), local.sent());
        assertReceived(1000, 1000, 600);
    }

    @Test
    void shouldSendOneDatagramPlainly() {
        refill(1300);

        sender.send(batch);

        assertEquals(List.of(new Sent(1300, 0)), local.sent());
        assertReceived(1300);
    }

    @Test
    void shouldNotCallForAnEmptyBatch() {
        refill();

        sender.send(batch);

        assertTrue(local.sent().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EIO, Errno.EINVAL, Errno.EMSGSIZE})
    void shouldSendSinglyForAMinuteWhereTheKernelRefusesSegmentation(int errno) {
        local.failSends(errno);

        sender.send(batch);
        assertEquals(4, local.sent().size());
        assertReceived(1000, 1000, 600);

        clock.update(-5 + WanLink.SEGMENTATION_RETRY_NS - 1);
        sender.send(batch);
        assertEquals(new Sent(600, 0), local.sent().getLast());

        clock.update(-5 + WanLink.SEGMENTATION_RETRY_NS);
        sender.send(batch);
        assertEquals(new Sent(2600, 1000), local.sent().getLast());
        assertTrue(new DropTotals(List.of(counters)).dropped().isEmpty());
    }

    @Test
    void shouldGoOnSegmentingWhereTheMtuIsWhatRefused() {
        local.failSends(Errno.EMSGSIZE, Errno.EMSGSIZE, Errno.EMSGSIZE, 0);

        sender.send(batch);
        assertEquals(2, counters.dropped(DropReason.WAN_MESSAGE_SIZE));
        assertReceived(600);

        sender.send(batch);
        assertEquals(new Sent(2600, 1000), local.sent().getLast());
        assertReceived(1000, 1000, 600);
    }

    /** Nothing was proved about datagrams of that length. */
    @Test
    void shouldGoOnSegmentingWhereTheSocketWasFullMeanwhile() {
        local.failSends(Errno.EMSGSIZE, Errno.EAGAIN, 0, 0);

        sender.send(batch);

        sender.send(batch);
        assertEquals(new Sent(2600, 1000), local.sent().getLast());
    }

    @Test
    void shouldSendSinglyWhereOnlyTheShorterLastOneFails() {
        local.failSends(Errno.EMSGSIZE, 0, 0, Errno.EAGAIN);

        sender.send(batch);

        sender.send(batch);
        assertEquals(new Sent(600, 0), local.sent().getLast());
    }

    @Test
    void shouldCountOnlyTheDatagramThatIsTooLong() {
        local.failSends(Errno.EMSGSIZE, 0, Errno.EMSGSIZE, 0);

        sender.send(batch);

        assertEquals(1, counters.dropped(DropReason.WAN_MESSAGE_SIZE));
        assertReceived(1000, 600);
    }

    @ParameterizedTest
    @CsvSource({
        "11, WAN_SOCKET_FULL",
        "105, WAN_SOCKET_FULL",
        "101, WAN_UNREACHABLE",
        "100, WAN_UNREACHABLE",
        "1, WAN_UNREACHABLE"
    })
    void shouldCountEveryDatagramOfARefusedBatchAndNeverWait(int errno, DropReason reason) {
        local.failSends(errno);

        sender.send(batch);

        assertEquals(3, counters.dropped(reason));
        assertEquals(1, local.sent().size());
        sender.send(batch);
        assertReceived(1000, 1000, 600);
    }

    @Test
    void shouldGoOnBehindADatagramThatCannotBeSent() {
        refill(Collections.nCopies(5, 100).stream().mapToInt(i -> i).toArray());
        local.failSends(Errno.EIO, 0, Errno.EAGAIN, 0, 0, 0);

        sender.send(batch);

        assertEquals(1, counters.dropped(DropReason.WAN_SOCKET_FULL));
        assertReceived(100, 100, 100, 100);
    }

    private void refill(int... lengths) {
        batch.start(0, endpoint.addressOffset());
        for (int length : lengths) {
            batch.append(length);
        }
    }

    private void assertReceived(int... lengths) {
        int[] received = remote.takeUnreceived().stream().mapToInt(d -> d.length).toArray();
        assertArrayEquals(lengths, received);
    }
}
