package io.spillway.node.capture;

import io.spillway.node.CommandStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The asking side of a capture: what {@link CommandStream} says, chunk by chunk. One thread, but
 * for {@link #end}.
 */
public final class CaptureClient implements AutoCloseable {
    private static final int LINE_LENGTH_MAX = 1 << 20;
    private static final int CHUNK_LENGTH_MAX = 16 << 20;
    private static final int BUFFER_LENGTH = 64 << 10;

    /** Takes the file's bytes, whole blocks of it at a time. */
    public interface Sink {
        /**
         * @param bytes valid until return
         * @param packets how many are in it
         */
        void write(ByteBuffer bytes, int packets) throws IOException;
    }

    private final SocketChannel channel;
    private final DataInputStream input;

    private CaptureClient(SocketChannel channel) {
        this.channel = channel;
        input =
                new DataInputStream(
                        new BufferedInputStream(Channels.newInputStream(channel), BUFFER_LENGTH));
    }

    /**
     * Asks; {@link #line} is the answer.
     *
     * @throws IOException with one line for the user when no daemon answers
     */
    public static CaptureClient ask(Path socket, ObjectNode request) throws IOException {
        SocketChannel channel;
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (SocketException e) {
            String why = Files.exists(socket) ? e.getMessage() : "no Spillway daemon is running";
            throw new IOException(socket + ": " + why, e);
        }
        CaptureClient client = new CaptureClient(channel);
        String line = JsonMapper.shared().writeValueAsString(request) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        return client;
    }

    /** What comes first, or behind the chunks. */
    public JsonNode line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0 || line.size() == LINE_LENGTH_MAX) {
                throw new EOFException("the daemon hung up");
            }
            line.write(next);
        }
        return JsonMapper.shared().readTree(line.toString(StandardCharsets.UTF_8));
    }

    /** Gives everything up to the last line to the sink. */
    public void copyTo(Sink sink) throws IOException {
        byte[] chunk = new byte[0];
        for (int length = input.readInt(); ; length = input.readInt()) {
            int packets = input.readInt();
            if (length == 0) {
                return;
            }
            if (length < 0 || length > CHUNK_LENGTH_MAX) {
                throw new IOException("the daemon says a chunk has " + length + " bytes");
            }
            chunk = chunk.length < length ? new byte[length] : chunk;
            input.readFully(chunk, 0, length);
            sink.write(ByteBuffer.wrap(chunk, 0, length), packets);
        }
    }

    /** Asks for the last line. Any thread. */
    public void end() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
