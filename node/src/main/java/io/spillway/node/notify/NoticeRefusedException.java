package io.spillway.node.notify;

import java.io.IOException;
import java.io.Serial;

/** A target has looked at a notice and does not want it. */
final class NoticeRefusedException extends IOException {
    @Serial private static final long serialVersionUID = 1;

    NoticeRefusedException(String message) {
        super(message);
    }
}
