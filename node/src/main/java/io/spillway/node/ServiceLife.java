package io.spillway.node;

import io.spillway.dataplane.agent.DataPlaneCommands;
import io.spillway.tap.LinuxException;
import io.spillway.tap.ServiceManager;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the machine's service manager hears of a daemon: that it is ready, that it ends, and, where
 * it wants to hear that again and again, that control and every thread of the data plane still take
 * what they are given. A daemon that is silent is killed and started again by it. Any thread.
 */
final class ServiceLife implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLife.class);

    /** Of the time after which it takes silence for death. */
    private static final int BEATS = 3;

    private final ServiceManager manager; // null: there is none
    private final long beatUs;
    private Thread beating;

    private ServiceLife(ServiceManager manager, long silenceMaxUs) {
        this.manager = manager;
        beatUs = silenceMaxUs / BEATS;
    }

    /** By what it has put into the environment (sd_watchdog_enabled(3)). */
    static ServiceLife of(Map<String, String> environment) {
        String path = environment.get("NOTIFY_SOCKET");
        if (path == null) {
            return new ServiceLife(null, 0);
        }
        try {
            return new ServiceLife(ServiceManager.connect(path), silenceMaxUs(environment));
        } catch (LinuxException e) {
            LOG.warn("NOTIFY_SOCKET: {}", e.getMessage());
            return new ServiceLife(null, 0);
        }
    }

    private static long silenceMaxUs(Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        boolean isMeant = pid == null || pid.equals(Long.toString(ProcessHandle.current().pid()));
        String us = environment.getOrDefault("WATCHDOG_USEC", "");
        return isMeant && us.matches("[1-9][0-9]{0,15}") ? Long.parseLong(us) : 0;
    }

    void ready() {
        tell(ServiceManager.READY);
    }

    void stopping() {
        tell(ServiceManager.STOPPING);
    }

    private void tell(String state) {
        if (manager != null) {
            manager.tell(state);
        }
    }

    /** Begins to beat, once. */
    void watch(Executor control, DataPlaneCommands dataPlane) {
        if (beatUs == 0) {
            return;
        }
        beating =
                Thread.ofPlatform()
                        .name("watchdog")
                        .daemon()
                        .start(() -> beat(control, dataPlane));
    }

    private void beat(Executor control, DataPlaneCommands dataPlane) {
        try {
            while (true) {
                long startNs = System.nanoTime();
                CountDownLatch turns = new CountDownLatch(dataPlane.agentCount());
                control.execute(() -> dataPlane.turn(turns::countDown));
                if (turns.await(beatUs, TimeUnit.MICROSECONDS)) {
                    manager.tell(ServiceManager.ALIVE);
                } else {
                    LOG.warn("control or the data plane took nothing for {} ms", beatUs / 1000);
                }
                long tookUs = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNs);
                TimeUnit.MICROSECONDS.sleep(beatUs - tookUs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    @Override
    public void close() {
        if (beating != null) {
            beating.interrupt();
        }
        if (manager != null) {
            manager.close();
        }
    }
}
