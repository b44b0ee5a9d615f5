package io.spillway.node.capture;

import io.spillway.node.CommandStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** Keeps what a capture tells its client; any thread. */
public final class RecordingClient implements CommandStream.Client {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<JsonNode> lines = new CopyOnWriteArrayList<>();
    private volatile boolean isLeaving;
    private volatile boolean isGone;

    /** Asks for the end. */
    public void leave() {
        isLeaving = true;
    }

    /** Takes no more, as one that was killed. */
    public void vanish() {
        isGone = true;
        isLeaving = true;
    }

    public List<JsonNode> lines() {
        return lines;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    @Override
    public void line(JsonNode line) throws IOException {
        requirePresence();
        lines.add(line);
    }

    @Override
    public void chunk(ByteBuffer chunk, int count) throws IOException {
        requirePresence();
        byte[] copy = new byte[chunk.remaining()];
        chunk.get(copy);
        bytes.writeBytes(copy);
    }

    @Override
    public void endChunks() throws IOException {
        requirePresence();
    }

    private void requirePresence() throws IOException {
        if (isGone) {
            throw new IOException("Broken pipe");
        }
    }

    @Override
    public String who() {
        return "nobody";
    }

    @Override
    public boolean isLeaving() {
        return isLeaving;
    }

    @Override
    public void close() {
        isGone = true;
    }
}
