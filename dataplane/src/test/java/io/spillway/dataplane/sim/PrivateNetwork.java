package io.spillway.dataplane.sim;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spillway.tap.NetworkDevice;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Runs a test on a thread that has a network namespace of its own, with the loopback up. The
 * namespace ends with the thread and its sockets, so nothing is ever left behind.
 */
public final class PrivateNetwork {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final MethodHandle UNSHARE = findUnshare();

    /** What runs inside. */
    public interface Body {
        void run() throws Throwable;
    }

    private PrivateNetwork() {}

    public static void run(Body body) throws Throwable {
        require(Files.exists(Path.of("/dev/net/tun")), "/dev/net/tun is missing");
        Throwable[] failure = new Throwable[1];
        boolean[] entered = new boolean[1];
        Thread thread =
                Thread.ofPlatform()
                        .name("private-network")
                        .start(
                                () -> {
                                    try {
                                        entered[0] = enterNew();
                                        if (entered[0]) {
                                            body.run();
                                        }
                                    } catch (Throwable t) {
                                        failure[0] = t;
                                    }
                                });
        thread.join();
        if (failure[0] != null) {
            throw failure[0];
        }
        require(entered[0], "no right to make a network namespace");
    }

    /**
     * Moves the calling platform thread into a new namespace with the loopback up; false when it
     * may not.
     */
    static boolean enterNew() throws Throwable {
        if ((int) UNSHARE.invokeExact(CLONE_NEWNET) != 0) {
            return false;
        }
        NetworkDevice.setUp("lo");
        return true;
    }

    /** Skips the test and says why; in CI, where everything has to be there, fails it. */
    public static void require(boolean holds, String reason) {
        if (!holds && "true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        if (!holds) {
            System.out.println("skipped: " + reason);
        }
        assumeTrue(holds, reason);
    }

    /** As {@link #require}, for a program in PATH. */
    public static void requireProgram(String name) {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
        require(isThere, "program " + name + " is missing");
    }

    /** The program {@code ip} in this thread's namespace. */
    public static void ip(String arguments) throws IOException, InterruptedException {
        run("ip " + arguments);
    }

    /** Any program there, its command line without quoting. */
    public static void run(String commandLine) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(commandLine.split(" ")).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(commandLine + ": " + output);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle findUnshare() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("unshare"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }
}
