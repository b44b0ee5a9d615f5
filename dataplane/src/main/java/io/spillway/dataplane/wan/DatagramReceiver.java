package io.spillway.dataplane.wan;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.Errno;
import org.agrona.concurrent.NanoClock;

/**
 * Reads datagrams of one WAN link until the kernel has no more or the batch is full. One system
 * call brings one datagram or several of one sender (UDP_GRO), which then lie side by side in a
 * slot, each with a buffer of its own. Where messages come singly, one is on its way before the
 * kernel is asked for the next.
 *
 * <p>Owned by a WAN agent.
 */
public final class DatagramReceiver {
    /** What the kernel puts into one message at most (UDP_GRO_CNT_MAX). */
    public static final int DATAGRAMS_PER_CALL_MAX = 64;

    /** Errors after which the link waits for its next turn; one that lasts would hold up all. */
    private static final int ERRORS_PER_TURN_MAX = 64;

    private final WanLink link;
    private final PacketPool pool;
    private final Drops drops;
    private final NanoClock clock;
    private final CaptureStep capture;

    /** The last look found the kernel drained and one message at most. */
    private boolean isAlone;

    public DatagramReceiver(
            WanLink link, PacketPool pool, Drops drops, NanoClock clock, Capture capture) {
        this.link = link;
        this.pool = pool;
        this.drops = drops;
        this.clock = clock;
        this.capture = new CaptureStep(capture, CapturePoint.WAN_IN, link.index());
    }

    /** Datagrams added to the empty {@code batch}; 0 when the kernel had none. */
    public int receive(PacketBatch batch) {
        int errors = 0;
        int messages = 0;
        int messagesMax = isAlone ? 1 : batch.capacity();
        while (link.ready().isReady()
                && messages < messagesMax
                && errors < ERRORS_PER_TURN_MAX
                && batch.capacity() - batch.size() >= DATAGRAMS_PER_CALL_MAX) {
            PacketBuffer message = pool.acquire();
            if (message == null) {
                drops.postponeRead();
                break;
            }
            if (receive(message)) {
                messages++;
                split(message, link.device().receivedSegmentLength(), batch);
            } else {
                pool.release(message);
                errors++;
            }
        }
        isAlone = messages <= 1 && !link.ready().isReady();
        capture.process(batch);
        return batch.size();
    }

    /** An error but EAGAIN is over with this call; datagrams may wait behind it. */
    private boolean receive(PacketBuffer message) {
        DatagramDevice device = link.device();
        int length =
                device.receive(
                        message.address(),
                        PacketPool.CONTENT_LENGTH_MAX,
                        message.endpointAddress());
        if (length < 0) {
            if (length == -Errno.EAGAIN) {
                link.ready().clear();
            } else {
                drops.count(DropReason.WAN_RECEIVE_FAILED);
            }
            return false;
        }
        message.reset(length);
        message.ingressLink = link.index();
        message.receivedNs = clock.nanoTime();
        return true;
    }

    /** Without a sound segment length the message is one datagram, whatever its length. */
    private void split(PacketBuffer message, int segmentLength, PacketBatch batch) {
        batch.add(message);
        int length = message.length();
        if (segmentLength <= 0 || segmentLength >= length) {
            return;
        }
        message.truncate(segmentLength);
        for (int at = segmentLength; at < length; at += segmentLength) {
            PacketBuffer datagram = batch.size() == batch.capacity() ? null : pool.share(message);
            if (datagram == null) {
                int left = (length - at + segmentLength - 1) / segmentLength;
                drops.count(DropReason.POOL_EXHAUSTED, left);
                return;
            }
            datagram.set(message.offset() + at, Math.min(segmentLength, length - at));
            datagram.ingressLink = message.ingressLink;
            datagram.receivedNs = message.receivedNs;
            batch.add(datagram);
        }
    }
}
