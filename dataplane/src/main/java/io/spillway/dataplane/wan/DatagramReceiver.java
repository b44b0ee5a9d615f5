package io.spillway.dataplane.wan;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.DatagramDevice;
import io.spillway.tap.Errno;
import org.agrona.concurrent.NanoClock;

/**
 * Reads datagrams of one WAN link, each into a slot of its own, until the kernel has no more or the
 * batch is full.
 *
 * <p>Owned by the data-plane agent.
 */
public final class DatagramReceiver {
    private final WanLink link;
    private final PacketPool pool;
    private final Drops drops;
    private final NanoClock clock;

    public DatagramReceiver(WanLink link, PacketPool pool, Drops drops, NanoClock clock) {
        this.link = link;
        this.pool = pool;
        this.drops = drops;
        this.clock = clock;
    }

    /** Datagrams added to the empty {@code batch}; 0 when the kernel had none. */
    public int receive(PacketBatch batch) {
        if (!link.ready().isReady()) {
            return 0;
        }
        for (int i = 0; i < batch.capacity() && link.ready().isReady(); i++) {
            PacketBuffer datagram = pool.acquire();
            if (datagram == null) {
                drops.count(DropReason.POOL_EXHAUSTED);
                break;
            }
            if (receive(datagram)) {
                batch.add(datagram);
            } else {
                pool.release(datagram);
            }
        }
        return batch.size();
    }

    /** An error but EAGAIN is over with this call; datagrams may wait behind it. */
    private boolean receive(PacketBuffer datagram) {
        DatagramDevice device = link.device();
        int length =
                device.receive(
                        datagram.address(),
                        PacketPool.CONTENT_LENGTH_MAX,
                        datagram.endpointAddress());
        if (length < 0) {
            if (length == -Errno.EAGAIN) {
                link.ready().clear();
            }
            return false;
        }
        datagram.reset(length);
        datagram.ingressLink = link.index();
        datagram.receivedNs = clock.nanoTime();
        return true;
    }
}
