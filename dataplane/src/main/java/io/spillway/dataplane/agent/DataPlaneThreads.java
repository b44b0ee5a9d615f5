package io.spillway.dataplane.agent;

import io.spillway.tap.LinuxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agrona.concurrent.NanoClock;

/** The threads of a data plane, one for each of its agents. */
public final class DataPlaneThreads implements AutoCloseable {
    private final List<DataPlaneThread> threads = new ArrayList<>();

    /**
     * @param spinNs how long each looks for packets at most before it sleeps; 0 for never
     * @param onFailure told when an agent died of a programmer's error
     */
    public DataPlaneThreads(
            DataPlane dataPlane,
            EventLoopKind kind,
            long spinNs,
            NanoClock clock,
            Runnable onFailure)
            throws LinuxException {
        for (LoopAgent agent : dataPlane.agents()) {
            threads.add(new DataPlaneThread(agent, kind, spinNs, clock, onFailure));
        }
    }

    public void start() {
        threads.forEach(DataPlaneThread::start);
    }

    public List<Thread> threads() {
        return threads.stream().map(DataPlaneThread::thread).toList();
    }

    /** What killed the first agent that died, or null. */
    public Throwable failure() {
        return threads.stream()
                .map(DataPlaneThread::failure)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Ends all agents and waits for them. */
    @Override
    public void close() {
        threads.forEach(DataPlaneThread::stop);
        threads.forEach(DataPlaneThread::join);
    }
}
