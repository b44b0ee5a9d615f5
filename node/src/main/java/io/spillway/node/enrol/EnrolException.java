package io.spillway.node.enrol;

import java.io.IOException;

/** A site cannot be enrolled; the message tells an operator why. */
public final class EnrolException extends IOException {
    private static final long serialVersionUID = 1L;

    EnrolException(String reason) {
        super(reason);
    }

    EnrolException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
