package io.spillway.node.pop.api;

import java.io.IOException;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the audit log of keys that were refused, so many a minute and how many more there were: who
 * tries keys cannot fill the disk. Thread safe.
 */
final class RefusedKeys {
    static final int LINES_PER_MINUTE_MAX = 20;

    private static final Logger LOG = LoggerFactory.getLogger(RefusedKeys.class);
    private static final long MINUTE_NS = 60_000_000_000L;

    private final AuditLog audit;
    private final NanoClock clock;
    private long minuteBeganNs;
    private int lines;
    private long untold;

    RefusedKeys(AuditLog audit, NanoClock clock) {
        this.audit = audit;
        this.clock = clock;
        minuteBeganNs = clock.nanoTime();
    }

    /**
     * @param who a key's name; empty: nobody's
     */
    synchronized void note(String who, String address, String why) {
        long nowNs = clock.nanoTime();
        if (nowNs - minuteBeganNs >= MINUTE_NS) {
            minuteBeganNs = nowNs;
            lines = 0;
        }
        if (lines == LINES_PER_MINUTE_MAX) {
            untold++;
            return;
        }
        lines++;
        String more = untold == 0 ? "" : "; " + untold + " before were left out";
        untold = 0;
        try {
            audit.note(
                    new AuditLog.Entry(
                            who, address, "api request", null, null, "refused: " + why + more));
        } catch (IOException e) {
            LOG.error("audit log: {}", e.getMessage());
        }
    }
}
