package io.spillway.crypto.handshake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A running {@code openssl s_client} or {@code s_server}; ended by {@link #close}. */
final class OpenSsl implements AutoCloseable {
    private static final long DEADLINE_MS = 15_000;

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private OpenSsl(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::collect);
    }

    static void requireInstalled() throws Exception {
        boolean installed;
        try {
            Process version = new ProcessBuilder("openssl", "version").start();
            installed = version.waitFor(10, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (IOException e) {
            installed = false;
        }
        if ("true".equals(System.getenv("CI"))) {
            Assertions.assertTrue(installed, "openssl is not installed");
        }
        Assumptions.assumeTrue(installed, "skipped: openssl is not installed");
    }

    static OpenSsl start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        return new OpenSsl(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void awaitOutput(String text) throws InterruptedException {
        long deadlineMs = System.currentTimeMillis() + DEADLINE_MS;
        synchronized (output) {
            while (!output().contains(text)) {
                long leftMs = deadlineMs - System.currentTimeMillis();
                Assertions.assertTrue(leftMs > 0, "no '" + text + "' in: " + output());
                output.wait(leftMs);
            }
        }
    }

    String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void collect() {
        byte[] chunk = new byte[1024];
        try (InputStream input = process.getInputStream()) {
            for (int count = input.read(chunk); count >= 0; count = input.read(chunk)) {
                synchronized (output) {
                    output.write(chunk, 0, count);
                    output.notifyAll();
                }
            }
        } catch (IOException e) {
            // The process was ended.
        }
    }
}
