package io.spillway.node;

import io.spillway.control.wire.Frame;

/** Where frames for the far end of a channel go: a TLS connection, or a simulated one. */
@FunctionalInterface
public interface FrameSender {
    /** False when the channel is down or its queue is full; state is sent again later anyway. */
    boolean send(Frame frame);
}
