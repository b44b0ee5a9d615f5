package io.spillway.node;

import io.spillway.tap.LinuxException;
import io.spillway.tap.ServiceManager;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    private final Consumer<String> manager;
    private final Runnable end;
    private final long beatUs;
    private volatile Thread beating;

    /**
     * @param manager hears each state
     * @param end when there is no more to hear
     * @param silenceMaxUs after which it takes the daemon for dead; 0: never
     */
    ServiceLife(Consumer<String> manager, Runnable end, long silenceMaxUs) {
        this.manager = manager;
        this.end = end;
        beatUs = silenceMaxUs / BEATS;
    }

    /** By what it has put into the environment (sd_notify(3), sd_watchdog_enabled(3)). */
    static ServiceLife of(Map<String, String> environment) {
        String path = environment.get("NOTIFY_SOCKET");
        if (path == null) {
            return unheard();
        }
        try {
            ServiceManager manager = ServiceManager.connect(path);
            return new ServiceLife(manager::tell, manager::close, silenceMaxUs(environment));
        } catch (LinuxException e) {
            LOG.warn("NOTIFY_SOCKET: {}", e.getMessage());
            return unheard();
        }
    }

    private static ServiceLife unheard() {
        return new ServiceLife(_ -> {}, () -> {}, 0);
    }

    static long silenceMaxUs(Map<String, String> environment) {
        String pid = environment.get("WATCHDOG_PID");
        boolean isMeant = pid == null || pid.equals(Long.toString(ProcessHandle.current().pid()));
        String us = environment.getOrDefault("WATCHDOG_USEC", "");
        return isMeant && us.matches("[1-9][0-9]{0,15}") ? Long.parseLong(us) : 0;
    }

    void ready() {
        manager.accept(ServiceManager.READY);
    }

    /** From now on it waits for the end alone. */
    void stopping() {
        stopBeating();
        manager.accept(ServiceManager.STOPPING);
    }

    /**
     * Begins to beat, once.
     *
     * @param threads of the data plane
     * @param turn has each of them run its argument
     */
    void watch(Executor control, int threads, Consumer<Runnable> turn) {
        if (beatUs == 0) {
            return;
        }
        beating =
                Thread.ofPlatform()
                        .name("watchdog")
                        .daemon()
                        .start(() -> beat(control, threads, turn));
    }

    private void beat(Executor control, int threads, Consumer<Runnable> turn) {
        try {
            while (true) {
                long startNs = System.nanoTime();
                CountDownLatch turns = new CountDownLatch(threads);
                control.execute(() -> turn.accept(turns::countDown));
                if (turns.await(beatUs, TimeUnit.MICROSECONDS)) {
                    manager.accept(ServiceManager.ALIVE);
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

    private void stopBeating() {
        if (beating != null) {
            beating.interrupt();
        }
    }

    @Override
    public void close() {
        stopBeating();
        end.run();
    }
}
