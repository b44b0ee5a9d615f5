package io.spillway.crypto;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Master secrets in the format of NSS (SSLKEYLOGFILE), one line per handshake, so that Wireshark
 * can decrypt a capture:
 *
 * <pre>
 *   CLIENT_RANDOM 64-hex-digits 96-hex-digits
 * </pre>
 *
 * <p>Whoever reads the file reads the traffic: it is made with mode 0600, and only on request. A
 * listener gets the same lines while it listens. Thread safe; each line is written at once.
 */
public final class KeyLog implements Closeable {
    private static final byte[] LABEL = "CLIENT_RANDOM ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final FileChannel channel; // null: there is no file
    private volatile Consumer<byte[]> listener; // null: nobody listens
    private final AtomicLong failedWrites = new AtomicLong();

    private KeyLog(FileChannel channel) {
        this.channel = channel;
    }

    /** Writes nothing but to a listener. */
    public static KeyLog off() {
        return new KeyLog(null);
    }

    /** Appends to the file, which is made with mode 0600 when it is not there. */
    public static KeyLog open(Path file) throws IOException {
        var mode = PosixFilePermissions.fromString(IdentityFiles.SECRET_MODE);
        var options =
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND);
        return new KeyLog(
                FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(mode)));
    }

    public boolean isOn() {
        return channel != null || listener != null;
    }

    /**
     * Gives every line from now on to the listener as well, which owns it.
     *
     * @param newListener called by the handshakes' threads, never waits; null: nobody any more
     */
    public void follow(Consumer<byte[]> newListener) {
        listener = newListener;
    }

    /** How many lines could not be written. */
    public long failedWriteCount() {
        return failedWrites.get();
    }

    /** Appends a line. A handshake goes on without it: a failure is only counted. */
    public synchronized void write(byte[] clientRandom, byte[] masterSecret) {
        ByteBuffer line =
                ByteBuffer.allocate(
                        LABEL.length + 2 * (clientRandom.length + masterSecret.length) + 2);
        line.put(LABEL);
        putHex(line, clientRandom);
        line.put((byte) ' ');
        putHex(line, masterSecret);
        line.put((byte) '\n').flip();
        try {
            tell(line.array());
            while (channel != null && line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            failedWrites.incrementAndGet();
        } finally {
            Arrays.fill(line.array(), (byte) 0);
        }
    }

    private void tell(byte[] line) {
        Consumer<byte[]> told = listener;
        if (told != null) {
            told.accept(line.clone());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private static void putHex(ByteBuffer line, byte[] bytes) {
        for (byte b : bytes) {
            line.put(DIGITS[(b >> 4) & 0xF]).put(DIGITS[b & 0xF]);
        }
    }
}
