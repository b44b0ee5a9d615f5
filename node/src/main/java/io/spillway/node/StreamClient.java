package io.spillway.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the {@link CommandSocket} that gets a {@link CommandStream}. */
final class StreamClient implements CommandStream.Client {
    private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);
    private static final int HEADER_LENGTH = 8;

    private final SocketChannel channel;
    private final Runnable onTaken;
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_LENGTH);
    private volatile boolean isLeaving;

    /**
     * @param onTaken told whenever the client took something
     */
    StreamClient(SocketChannel channel, Runnable onTaken) {
        this.channel = channel;
        this.onTaken = onTaken;
        Thread.ofVirtual().name("command-client-end").start(this::awaitEnd);
    }

    /** A client says no more than its request; whatever it does then means that it goes. */
    private void awaitEnd() {
        try {
            channel.read(ByteBuffer.allocate(1));
        } catch (IOException e) {
            LOG.debug("command client gone: {}", e.getMessage());
        }
        isLeaving = true;
    }

    @Override
    public void line(JsonNode line) throws IOException {
        String text = JsonMapper.shared().writeValueAsString(line) + "\n";
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void chunk(ByteBuffer bytes, int count) throws IOException {
        header.clear().putInt(bytes.remaining()).putInt(count).flip();
        write(header);
        write(bytes);
    }

    @Override
    public void endChunks() throws IOException {
        header.clear().putInt(0).putInt(0).flip();
        write(header);
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        onTaken.run();
    }

    @Override
    public String who() {
        try {
            return channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        } catch (IOException e) {
            return "unknown (" + e.getMessage() + ")";
        }
    }

    @Override
    public boolean isLeaving() {
        return isLeaving;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("command client: {}", e.getMessage());
        }
    }
}
