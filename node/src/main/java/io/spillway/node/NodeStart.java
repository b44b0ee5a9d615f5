package io.spillway.node;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.IdentityException;
import io.spillway.crypto.KeyLog;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.tap.ThreadPriority;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a daemon, the same for site and PoP: what is opened is closed in reverse order, at
 * the end, on a signal, or when opening something later fails.
 */
public final class NodeStart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);
    private static final long STOP_MAX_MS = 5_000;

    /**
     * Of the whole daemon but its data plane, which comes before it. The compiler and the smallest
     * of Java's threads too: a collection, during which no packet moves, must wait until each of
     * them has run to where it may be stopped. Not nearer to the data plane's, though: the kernel
     * gives a thread that computes its share in ticks of some milliseconds, for which a packet
     * waits.
     */
    private static final int NICENESS = -5;

    /**
     * Short, so that a thread has its turn soon; longer than a data-plane thread's, which
     * interrupts it.
     */
    private static final long SLICE_NS = 500_000;

    /** As its data plane, which is what competes with other programs. */
    private static final int SESSION_NICENESS = -15;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RandomGenerator random = new SecureRandom();
    private final ServiceLife service = closing(ServiceLife.of(System.getenv()));
    private volatile boolean hasFailed;

    /** Puts the daemon's threads, those to come as well, before other programs. */
    public NodeStart() {
        if (!ThreadPriority.niceAll(NICENESS, SLICE_NS)) {
            LOG.info(
                    "no right to prefer our threads (RLIMIT_NICE, CAP_SYS_NICE): a busy machine may"
                            + " delay them");
        }
        if (!ThreadPriority.niceSession(SESSION_NICENESS)) {
            LOG.info("/proc/self/autogroup: refused: other busy sessions may delay our threads");
        }
    }

    /**
     * Reads an identity that must carry that name's account, role and site. Its dates are not
     * looked at yet.
     */
    public static Identity identity(Path directory, CertifiedName expected) throws IOException {
        Identity identity = Identity.read(directory);
        identity.warnings().forEach(LOG::warn);
        CertifiedName name = identity.name();
        if (!name.uri().equals(expected.uri())) {
            throw new IdentityException(
                    directory, "is of " + name.uri() + ", configured is " + expected.uri());
        }
        return identity;
    }

    /** Chooses the record cipher, with a line in the log. */
    public static RecordCiphers ciphers(DataPlaneConfig config) throws IOException {
        RecordCiphers ciphers =
                granted("dataPlane.cipher", () -> RecordCiphers.choose(config.cipher()));
        LOG.info("record cipher: {} ({})", ciphers.name(), ciphers.reason());
        return ciphers;
    }

    /** Chooses the event loop, with a line in the log. */
    public static EventLoopKind loop(DataPlaneConfig config) throws IOException {
        EventLoopKind.Choice choice =
                granted("dataPlane.loop", () -> EventLoopKind.choose(config.loop()));
        String why = choice.reason().isEmpty() ? "" : " (" + choice.reason() + ")";
        LOG.info("event loop: {}{}", choice.kind().label(), why);
        return choice.kind();
    }

    /** What the machine refuses becomes a message that names the key. */
    private static <T> T granted(String key, Supplier<T> choice) throws IOException {
        try {
            return choice.get();
        } catch (IllegalStateException refused) {
            throw new IOException(key + ": " + refused.getMessage(), refused);
        }
    }

    /** {@code file} null: no key log. */
    public KeyLog keyLog(Path file) throws IOException {
        if (file == null) {
            return KeyLog.off();
        }
        LOG.warn("key log {}: whoever reads it can decrypt the tunnels' captures", file);
        return closing(KeyLog.open(file));
    }

    /** What the machine's service manager hears. */
    ServiceLife service() {
        return service;
    }

    public RandomGenerator random() {
        return random;
    }

    /** Closed with everything else; returns it. */
    public <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    /** The data plane died of an error of ours: the daemon ends with it. Any thread. */
    public void fail(Throwable error) {
        LOG.error("the data plane died", error);
        hasFailed = true;
        end.countDown();
    }

    /** Waits for a signal or a failure, then closes. Returns the exit status. */
    public int runUntilStopped() throws InterruptedException {
        Thread stop =
                new Thread(
                        () -> {
                            end.countDown();
                            awaitClosed();
                            // Else the machine ends with 128 + the signal's number.
                            Runtime.getRuntime().halt(status());
                        },
                        "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        service.ready();
        end.await();
        service.stopping();
        close();
        return status();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("closing {}: {}", resource.getClass().getSimpleName(), e.getMessage());
            }
        }
        closed.countDown();
    }

    private int status() {
        return hasFailed ? 1 : 0;
    }

    private void awaitClosed() {
        try {
            if (!closed.await(STOP_MAX_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("not everything was closed within {} ms", STOP_MAX_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
