package io.spillway.node.lab;

import java.io.IOException;

/** Work inside a host's network namespace, on a thread of its own ({@link HostThreads}). */
interface HostJob {
    String jobName();

    /** Opens its sockets first; returns soon after {@link #stop()}. */
    void run() throws IOException;

    /** From any thread. */
    void stop();
}
