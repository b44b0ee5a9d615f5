package io.spillway.dataplane.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A host with a kernel's network stack of its own: a thread in a private namespace. Sockets and
 * devices that are opened there stay there, and any thread may use them. It ends with them.
 */
public final class PrivateHost implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("private-host").factory());

    public PrivateHost() throws Exception {
        boolean entered = call(PrivateHost::enter);
        PrivateNetwork.require(entered, "no right to make a network namespace");
    }

    private static boolean enter() throws Exception {
        try {
            return PrivateNetwork.enterNew();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The result of what runs on the host. */
    public <T> T call(Callable<T> inside) throws Exception {
        try {
            return thread.submit(inside).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** The program {@code ip} on the host. */
    public void ip(String arguments) throws Exception {
        call(
                () -> {
                    PrivateNetwork.ip(arguments);
                    return null;
                });
    }

    /** As a file that another thread, or a program, can name. */
    public Path namespace() throws Exception {
        return call(() -> Path.of("/proc/thread-self").toRealPath().resolve("ns/net"));
    }

    /** Sets a kernel parameter of the host, {@code net/ipv4/tcp_ecn}. */
    public void sysctl(String name, String value) throws Exception {
        call(() -> Files.writeString(Path.of("/proc/sys").resolve(name), value));
    }

    /** A file of this host's {@code /proc/net}. */
    public String procNet(String file) throws Exception {
        // Not /proc/net, which shows the namespace of the process's first thread.
        return call(() -> read(file));
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("/proc/thread-self/net", file));
    }

    @Override
    public void close() {
        thread.close();
    }
}
