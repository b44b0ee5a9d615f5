package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.segment.Segmenter;
import io.spillway.tap.Errno;
import io.spillway.tap.Gather;
import org.agrona.concurrent.NanoClock;

/**
 * Writes frames to one port, straight from their slots: trains and super-frames with one system
 * call where the port takes them, else packet by packet.
 *
 * <p>Owned by the lan agent, or by a port agent.
 */
public final class TapWriter {
    private final FrameGather gather = new FrameGather();
    private final Gather plain = new Gather(1);
    private final Segmenter segmenter = new Segmenter();
    private final LanPort port;
    private final PacketPool pool;
    private final Drops drops;
    private final NanoClock clock;
    private final CaptureStep capture;

    public TapWriter(LanPort port, PacketPool pool, Drops drops, NanoClock clock, Capture capture) {
        this.port = port;
        this.pool = pool;
        this.drops = drops;
        this.clock = clock;
        this.capture = new CaptureStep(capture, CapturePoint.LAN_OUT, port.index());
    }

    /** Writes and releases all; the batch is empty afterwards. */
    public void write(PacketBatch batch) {
        capture.process(batch);
        for (int i = 0; i < batch.size(); i++) {
            write(batch.get(i));
        }
        batch.clear();
    }

    private void write(PacketBuffer frame) {
        if (frame.packetCount() == 1) {
            finish(frame, writeSingle(frame));
        } else if (!isWrittenAsOne(frame)) {
            writeApart(frame);
        }
    }

    /** False when its packets must be written one by one. */
    private boolean isWrittenAsOne(PacketBuffer frame) {
        if (!port.takesSuperFrames(frame, clock.nanoTime())) {
            return false;
        }
        Gather pieces = frame.segmentLength > 0 ? gather.whole(frame) : gather.train(frame);
        if (pieces == null) {
            return false;
        }
        int result = port.device().write(pieces);
        if (result == -Errno.EINVAL || result == -Errno.EOPNOTSUPP) {
            port.onSuperFrameRefused(clock.nanoTime());
            return false;
        }
        finish(frame, result);
        return true;
    }

    private void writeApart(PacketBuffer first) {
        if (first.segmentLength > 0) {
            writeSegments(first);
            return;
        }
        PacketBuffer packet = first;
        while (packet != null) {
            PacketBuffer rest = packet.detach();
            finish(packet, writeSingle(packet));
            packet = rest;
        }
    }

    private void writeSegments(PacketBuffer superFrame) {
        segmenter.start(superFrame);
        superFrame.segmentLength = 0;
        while (segmenter.hasNext()) {
            segmenter.next();
            superFrame.isChecksumPartial = true;
            if (writeSingle(superFrame) < 0) {
                drops.count(DropReason.PORT_WRITE_REFUSED);
            }
        }
        pool.release(superFrame);
    }

    private int writeSingle(PacketBuffer frame) {
        if (port.device().hasVnetHeader()) {
            return port.device().write(gather.whole(frame));
        }
        completeChecksum(frame);
        plain.clear();
        plain.add(frame.address(), frame.length());
        return port.device().write(plain);
    }

    private static void completeChecksum(PacketBuffer frame) {
        int linkLength = frame.linkLength;
        frame.pull(linkLength);
        TransportChecksum.complete(frame);
        frame.push(linkLength);
    }

    private void finish(PacketBuffer frame, int result) {
        if (result < 0) {
            drops.drop(frame, DropReason.PORT_WRITE_REFUSED);
        } else {
            pool.release(frame);
        }
    }
}
