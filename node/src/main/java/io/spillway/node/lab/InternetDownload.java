package io.spillway.node.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A host that fetches the {@link InternetFile} once. */
final class InternetDownload implements HostJob {
    private static final int WAIT_MAX_MS = 5_000;
    private static final int CHUNK_LENGTH = 1 << 16;

    private final TcpPattern pattern;
    private final CompletableFuture<Long> bytes = new CompletableFuture<>();

    InternetDownload(Marker marker) {
        pattern = new TcpPattern(marker);
    }

    @Override
    public String jobName() {
        return "download";
    }

    /** It ends by itself. */
    @Override
    public void stop() {}

    /** As many of them as arrived, and were right. */
    long bytes() {
        return bytes.join();
    }

    @Override
    public void run() {
        long received = 0;
        byte[] chunk = new byte[CHUNK_LENGTH];
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(WAIT_MAX_MS);
            socket.connect(
                    new InetSocketAddress(InternetServer.ADDRESS, InternetFile.PORT), WAIT_MAX_MS);
            InputStream input = socket.getInputStream();
            int length = input.read(chunk);
            while (length > 0 && isRight(chunk, length, received)) {
                received += length;
                length = input.read(chunk);
            }
        } catch (IOException e) {
            // What arrived until then is what it got.
        }
        bytes.complete(received);
    }

    private boolean isRight(byte[] chunk, int length, long position) {
        return pattern.firstDifference(ByteBuffer.wrap(chunk, 0, length), position) < 0;
    }
}
