package io.spillway.control.wire;

/** A message that is malformed, out of bounds or not the sender's to send: it ends the channel. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    WireException(String reason) {
        super(reason);
    }
}
