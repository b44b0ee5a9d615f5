package io.spillway.dataplane.wan;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.Errno;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * Sends a batch of datagrams in one system call, or one by one where the kernel refuses that
 * (DESIGN §3 "WAN sockets"). What cannot be sent now is dropped and counted, never kept.
 *
 * <p>Owned by a WAN agent.
 */
public final class DatagramSender {
    private final WanLink[] links;
    private final Drops drops;
    private final NanoClock clock;
    private final CaptureStep[] captures;

    /**
     * @param links by link index
     */
    public DatagramSender(List<WanLink> links, Drops drops, NanoClock clock, Capture capture) {
        this.links = links.toArray(WanLink[]::new);
        this.drops = drops;
        this.clock = clock;
        captures = new CaptureStep[links.size()];
        for (int i = 0; i < captures.length; i++) {
            captures[i] = new CaptureStep(capture, CapturePoint.WAN_OUT, i);
        }
    }

    public void send(DatagramBatch batch) {
        if (batch.count() == 0) {
            return;
        }
        captures[batch.link()].process(batch);
        WanLink link = links[batch.link()];
        if (batch.count() == 1 || !link.maySegment(clock.nanoTime())) {
            sendSingly(link, batch);
            return;
        }
        int result =
                link.device()
                        .send(
                                batch.memory().addressOffset(),
                                batch.length(),
                                batch.segmentLength(),
                                batch.endpointAddress());
        if (result == -Errno.EIO || result == -Errno.EINVAL) {
            link.onSegmentationRefused(clock.nanoTime());
            sendSingly(link, batch);
        } else if (result == -Errno.EMSGSIZE) {
            sendOversized(link, batch);
        } else if (result < 0) {
            count(result, batch.count());
        }
    }

    /** One datagram that goes no further than so many hops ({@link DatagramDevice#sendNear}). */
    public void sendNear(DatagramBatch single, int hops) {
        captures[single.link()].process(single);
        int result =
                links[single.link()]
                        .device()
                        .sendNear(
                                hops,
                                single.memory().addressOffset(),
                                single.length(),
                                single.endpointAddress());
        if (result < 0) {
            count(result, 1);
        }
    }

    /**
     * The device's MTU may have shrunk, and then segmentation is not what the kernel refused: only
     * if the same datagrams pass by themselves.
     */
    private void sendOversized(WanLink link, DatagramBatch batch) {
        if (sendSingly(link, batch)) {
            link.onSegmentationRefused(clock.nanoTime());
        }
    }

    /** Whether all datagrams of the full length went out. */
    private boolean sendSingly(WanLink link, DatagramBatch batch) {
        boolean isFullLengthSent = true;
        long address = batch.memory().addressOffset();
        int left = batch.length();
        while (left > 0) {
            int length = Math.min(left, batch.segmentLength());
            int result = link.device().send(address, length, 0, batch.endpointAddress());
            if (result < 0) {
                count(result, 1);
                isFullLengthSent &= length < batch.segmentLength();
            }
            address += length;
            left -= length;
        }
        return isFullLengthSent;
    }

    private void count(int result, int datagrams) {
        DropReason reason =
                switch (-result) {
                    case Errno.EAGAIN, Errno.ENOBUFS -> DropReason.WAN_SOCKET_FULL;
                    case Errno.EMSGSIZE -> DropReason.WAN_MESSAGE_SIZE;
                    default -> DropReason.WAN_UNREACHABLE;
                };
        drops.count(reason, datagrams);
    }
}
