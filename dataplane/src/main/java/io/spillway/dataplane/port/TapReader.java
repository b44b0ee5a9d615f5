package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.Capture;
import io.spillway.dataplane.buffer.CaptureStep;
import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.Errno;
import org.agrona.concurrent.NanoClock;

/**
 * Reads frames of one port, each into a slot of its own, until the kernel has no more or the batch
 * is full. Where frames come singly, one is on its way before the kernel is asked for the next.
 *
 * <p>Owned by the lan agent, or by a port agent.
 */
public final class TapReader {
    /** Bytes after which a batch is full: what it touches should stay in the processor's cache. */
    private static final int BYTES_MAX = 256 << 10;

    private final LanPort port;
    private final PacketPool pool;
    private final Drops drops;
    private final NanoClock clock;
    private final CaptureStep capture;

    /** The last look found the kernel drained and one frame at most. */
    private boolean isAlone;

    public TapReader(LanPort port, PacketPool pool, Drops drops, NanoClock clock, Capture capture) {
        this.port = port;
        this.pool = pool;
        this.drops = drops;
        this.clock = clock;
        boolean hasVnetHeader = port.device().hasVnetHeader();
        this.capture = new CaptureStep(capture, CapturePoint.LAN_IN, port.index(), hasVnetHeader);
    }

    /** Frames added to the empty {@code batch}; 0 when the kernel had none. */
    public int read(PacketBatch batch) {
        if (!port.ready().isReady()) {
            return 0;
        }
        int bytes = 0;
        int framesMax = isAlone ? 1 : batch.capacity();
        for (int i = 0; i < framesMax && bytes < BYTES_MAX && port.ready().isReady(); i++) {
            PacketBuffer frame = pool.acquire();
            if (frame == null) {
                drops.postponeRead();
                break;
            }
            if (read(frame)) {
                batch.add(frame);
                bytes += frame.length();
            } else {
                pool.release(frame);
            }
        }
        isAlone = batch.size() <= 1 && !port.ready().isReady();
        capture.process(batch);
        return batch.size();
    }

    /** An error but EAGAIN is over with this call; frames may wait behind it. */
    private boolean read(PacketBuffer frame) {
        int length = port.device().read(frame.address(), PacketPool.CONTENT_LENGTH_MAX);
        if (length < 0) {
            if (length == -Errno.EAGAIN) {
                port.ready().clear();
            } else {
                drops.count(DropReason.PORT_READ_FAILED);
            }
            return false;
        }
        frame.reset(length);
        frame.receivedNs = clock.nanoTime();
        return true;
    }
}
