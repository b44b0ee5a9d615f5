package io.spillway.node.capture;

import io.spillway.dataplane.observe.CaptureRing;
import java.util.List;

/**
 * Brings what several agents copied in the order of time. Owned by the capture's thread.
 *
 * <p>An agent that was interrupted between reading the clock and committing its copy may be late; a
 * moment is waited for it ({@link CaptureSession}), and what comes later still comes out of order.
 */
final class CaptureOrder {
    private final CaptureRing[] rings;
    private CaptureRing next;

    CaptureOrder(List<CaptureRing> rings) {
        this.rings = rings.toArray(CaptureRing[]::new);
    }

    /** Whether anything is there that is not younger; {@link #take} gives the oldest. */
    boolean hasNext(long untilNs) {
        next = null;
        for (CaptureRing ring : rings) {
            if (ring.hasNext()
                    && ring.nextNs() - untilNs <= 0
                    && (next == null || ring.nextNs() - next.nextNs() < 0)) {
                next = ring;
            }
        }
        return next != null;
    }

    void take(CaptureRing.Reader reader) {
        next.take(reader);
    }
}
