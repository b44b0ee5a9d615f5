package io.spillway.bench.scale;

import io.spillway.node.lab.NodeProcess;
import java.io.IOException;

/** Asks a node's control over and over how it is, and notes how long the answer took. */
final class ControlWatch implements AutoCloseable {
    private static final long PAUSE_MS = 20;

    private final NodeProcess node;
    private final Thread thread;
    private volatile boolean isClosed;
    private volatile double longestMs;

    ControlWatch(NodeProcess node) {
        this.node = node;
        thread = Thread.ofPlatform().name("watch").daemon().start(this::run);
    }

    /** 0 before the first answer. */
    double longestMs() {
        return longestMs;
    }

    private void run() {
        while (!isClosed) {
            long startNs = System.nanoTime();
            if (hasAnswered()) {
                longestMs = Math.max(longestMs, (System.nanoTime() - startNs) / 1e6);
            }
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Not before it has started. */
    private boolean hasAnswered() {
        try {
            node.ask("drops");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
    }
}
