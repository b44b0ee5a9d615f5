package io.spillway.node.channel;

import org.slf4j.Logger;

/**
 * Lets so many lines through in a second and counts the others, so that strangers who knock at an
 * open port cannot fill the disk. One owner.
 */
final class LogLimit {
    private static final int LINES_PER_SECOND_MAX = 10;
    private static final long SECOND_NS = 1_000_000_000L;

    private long secondBeganNs = System.nanoTime() - SECOND_NS;
    private int lines;
    private long suppressed;

    void warn(Logger log, String line) {
        if (!mayWrite(System.nanoTime())) {
            suppressed++;
        } else if (suppressed == 0) {
            log.warn(line);
        } else {
            log.warn("{} ({} lines like this were left out)", line, suppressed);
            suppressed = 0;
        }
    }

    boolean mayWrite(long nowNs) {
        if (nowNs - secondBeganNs >= SECOND_NS) {
            secondBeganNs = nowNs;
            lines = 0;
        }
        return lines++ < LINES_PER_SECOND_MAX;
    }
}
