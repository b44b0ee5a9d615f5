package io.spillway.tap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Interface settings below /proc/sys/net, of the calling thread's network namespace; remembers what
 * was there before.
 */
final class Sysctls {
    private static final Path ROOT = Path.of("/proc/sys/net");
    private static final int VALUE_LENGTH_MAX = 256;

    private record Change(Path file, String before) {}

    private final Deque<Change> changes = new ArrayDeque<>();

    /**
     * {@code family}: ipv4 or ipv6. A value that is there already is not ours and stays on restore.
     */
    void set(String family, String device, String key, String value) throws IOException {
        Path file = ROOT.resolve(family).resolve("conf").resolve(device).resolve(key);
        try {
            String before = read(file);
            if (!before.equals(value)) {
                Files.writeString(file, value);
                changes.push(new Change(file, before));
            }
        } catch (IOException e) {
            throw new IOException("sysctl " + file + " = " + value + ": " + e, e);
        }
    }

    /**
     * In one call with room for all of it: the kernel answers from the start only, and
     * Files.readString, told that the file is empty, asks for one byte first.
     */
    static String read(Path file) throws IOException {
        byte[] bytes = new byte[VALUE_LENGTH_MAX];
        try (InputStream stream = Files.newInputStream(file)) {
            int length = Math.max(stream.read(bytes), 0);
            return new String(bytes, 0, length, StandardCharsets.US_ASCII).strip();
        }
    }

    /** False when this kernel, or this interface, has no such family. */
    boolean exists(String family, String device) {
        return Files.isDirectory(ROOT.resolve(family).resolve("conf").resolve(device));
    }

    /** Last change first. An interface that is gone needs nothing. */
    void restore() throws IOException {
        while (!changes.isEmpty()) {
            Change change = changes.pop();
            if (Files.exists(change.file())) {
                Files.writeString(change.file(), change.before());
            }
        }
    }
}
