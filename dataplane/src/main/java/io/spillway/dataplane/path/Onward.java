package io.spillway.dataplane.path;

import io.spillway.dataplane.buffer.PacketBatch;

/** What comes behind the steps of a path: a decision, a device, or the way to another agent. */
public interface Onward {
    /** Gives all packets away; the batch is empty afterwards. */
    void process(PacketBatch batch);
}
