package io.spillway.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One client of the {@link CommandSocket}. {@link #run} owns it; {@link #close} is any thread's.
 */
final class CommandSession implements Runnable {

    static final int REQUEST_LENGTH_MAX = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(CommandSession.class);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SocketChannel channel;
    private final Map<String, Function<JsonNode, JsonNode>> handlers;
    private final Map<String, CommandStream> streams;
    private final Consumer<CommandSession> onEnd;
    private volatile long activeNs = System.nanoTime();

    CommandSession(
            SocketChannel channel,
            Map<String, Function<JsonNode, JsonNode>> handlers,
            Map<String, CommandStream> streams,
            Consumer<CommandSession> onEnd) {
        this.channel = channel;
        this.handlers = handlers;
        this.streams = streams;
        this.onEnd = onEnd;
    }

    /** Since its last request, or what it took of a stream, or since it came. */
    long silentForNs(long nowNs) {
        return nowNs - activeNs;
    }

    @Override
    public void run() {
        try (channel) {
            LineReader reader = new LineReader(channel, REQUEST_LENGTH_MAX);
            String line;
            while ((line = reader.line()) != null) {
                activeNs = System.nanoTime();
                if (!serve(line)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("command client gone: {}", e.getMessage());
        } finally {
            onEnd.accept(this);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("command client: {}", e.getMessage());
        }
    }

    /** False when the client may not ask again: it had a stream. */
    private boolean serve(String line) throws IOException {
        JsonNode request;
        try {
            request = JSON.readTree(line);
        } catch (JacksonException e) {
            write(error("expected a line of JSON: " + e.getOriginalMessage()));
            return true;
        }
        CommandStream stream = streams.get(request.path("command").asString(""));
        if (stream == null) {
            write(answer(request));
            return true;
        }
        stream(stream, request);
        return false;
    }

    private void stream(CommandStream stream, JsonNode request) throws IOException {
        try {
            stream.run(request, new StreamClient(channel, () -> activeNs = System.nanoTime()));
        } catch (RuntimeException e) {
            LOG.error("stream {} failed", request, e);
        }
    }

    private JsonNode answer(JsonNode request) {
        if (!(request instanceof ObjectNode) || !request.path("command").isString()) {
            return error("expected {\"command\": NAME}");
        }
        String command = request.path("command").asString();
        Function<JsonNode, JsonNode> handler = handlers.get(command);
        if (handler == null) {
            return error(
                    "unknown command "
                            + ConfigMistake.shown(command)
                            + ", expected one of "
                            + String.join(", ", commands()));
        }
        return handle(command, handler, request);
    }

    private Set<String> commands() {
        Set<String> all = new TreeSet<>(handlers.keySet());
        all.addAll(streams.keySet());
        return all;
    }

    /** A fault in one handler ends neither the client nor the daemon. */
    private static JsonNode handle(
            String command, Function<JsonNode, JsonNode> handler, JsonNode request) {
        try {
            return handler.apply(request);
        } catch (RuntimeException e) {
            LOG.error("command {} failed", command, e);
            return error(command + " failed, see the daemon's log");
        }
    }

    private static ObjectNode error(String text) {
        return JSON.createObjectNode().put("error", text);
    }

    private void write(JsonNode answer) throws IOException {
        String line = JSON.writeValueAsString(answer) + "\n";
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
