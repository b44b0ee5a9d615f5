package io.spillway.routing.mrt;

import java.io.IOException;

/** A file that is not what it should be: where, and why. */
public final class MrtException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    MrtException(long offset, String reason) {
        super("at byte " + offset + ": " + reason);
        this.offset = offset;
    }

    /** Into the file; of a compressed one, into what it holds. */
    public long offset() {
        return offset;
    }
}
