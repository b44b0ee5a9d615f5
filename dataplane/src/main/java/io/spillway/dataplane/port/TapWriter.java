package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.VirtioNetHeader;

/**
 * Writes frames to one port, straight from their slots.
 *
 * <p>Owned by the data-plane agent.
 */
public final class TapWriter {
    private final LanPort port;
    private final PacketPool pool;
    private final Drops drops;

    public TapWriter(LanPort port, PacketPool pool, Drops drops) {
        this.port = port;
        this.pool = pool;
        this.drops = drops;
    }

    /** Writes and releases all; the batch is empty afterwards. */
    public void write(PacketBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            write(batch.get(i));
        }
        batch.clear();
    }

    private void write(PacketBuffer frame) {
        if (port.device().hasVnetHeader()) {
            frame.push(VirtioNetHeader.LENGTH);
            VirtioNetHeader.clear(frame.memory(), frame.offset());
        }
        if (port.device().write(frame.address(), frame.length()) < 0) {
            drops.drop(frame, DropReason.PORT_WRITE_REFUSED);
        } else {
            pool.release(frame);
        }
    }
}
