package io.spillway.bench.tunnel.load;

import io.spillway.tap.NetworkNamespace;
import io.spillway.tap.ThreadPriority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * One LAN host: its network namespace, and how to run something in it.
 *
 * @param namespace its name
 * @param address of its only interface
 */
public record Host(String namespace, InetAddress address) {
    /**
     * That of a data plane's own thread where the kernel allows it. Everything that takes part in a
     * measurement has it, so that nobody goes before anybody.
     */
    public static final int NICENESS = -15;

    private static final Path NAMESPACES = Path.of("/run/netns");

    InetSocketAddress at(int port) {
        return new InetSocketAddress(address, port);
    }

    /** Starts the work on a platform thread of its own inside the namespace. */
    <T> FutureTask<T> start(String name, Callable<T> work) {
        FutureTask<T> task =
                new FutureTask<>(
                        () -> {
                            NetworkNamespace.enter(NAMESPACES.resolve(namespace));
                            ThreadPriority.nice(NICENESS);
                            return work.call();
                        });
        Thread.ofPlatform().daemon().name(name + "-" + namespace).start(task);
        return task;
    }

    /** The work's result. */
    public static <T> T await(FutureTask<T> task) throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }
}
