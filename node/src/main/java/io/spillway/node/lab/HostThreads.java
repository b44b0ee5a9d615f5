package io.spillway.node.lab;

import io.spillway.tap.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The threads of the hosts: each enters its host's network namespace, in which its sockets then
 * are.
 */
final class HostThreads implements AutoCloseable {
    private static final long END_MS = 2000;
    private final List<HostJob> jobs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    /** A platform thread: setns changes the calling kernel thread. */
    void start(Path namespace, HostJob job) {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name(job.jobName())
                        .unstarted(() -> run(namespace, job));
        jobs.add(job);
        threads.add(thread);
        thread.start();
    }

    private void run(Path namespace, HostJob job) {
        try {
            NetworkNamespace.enter(namespace);
            job.run();
        } catch (IOException | RuntimeException e) {
            failures.add(job.jobName() + ": " + e);
        }
    }

    /** Jobs that ended by an error, with the error. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        jobs.forEach(HostJob::stop);
        try {
            for (Thread thread : threads) {
                thread.join(END_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
