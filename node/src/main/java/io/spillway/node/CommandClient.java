package io.spillway.node;

import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks a daemon through its {@link CommandSocket}; one connection per question. Thread safe. */
public final class CommandClient {

    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int ANSWER_LENGTH_MAX = 16 << 20;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path path;
    private final Duration timeout;

    public CommandClient(Path path) {
        this(path, TIMEOUT);
    }

    /** Waits that long for an answer. */
    public CommandClient(Path path, Duration timeout) {
        this.path = path;
        this.timeout = timeout;
    }

    public JsonNode ask(String command) throws IOException {
        return ask(JSON.createObjectNode().put("command", command));
    }

    /**
     * @return the daemon's answer, which may be {@code {"error":TEXT}}
     * @throws IOException with one line for the user when no daemon answers
     */
    public JsonNode ask(ObjectNode request) throws IOException {
        CountDownLatch answered = new CountDownLatch(1);
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            Thread.ofVirtual().start(() -> closeUnless(answered, channel));
            return exchange(channel, JSON.writeValueAsString(request) + "\n");
        } catch (AsynchronousCloseException e) {
            throw new IOException(path + ": no answer within " + DurationText.of(timeout), e);
        } catch (SocketException e) {
            throw new IOException(path + ": " + whyNotConnected(e), e);
        } finally {
            answered.countDown();
        }
    }

    private void closeUnless(CountDownLatch answered, SocketChannel channel) {
        try {
            if (!answered.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                channel.close();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode exchange(SocketChannel channel, String request) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        String answer = new LineReader(channel, ANSWER_LENGTH_MAX).line();
        if (answer == null) {
            throw new IOException(path + ": the daemon hung up without an answer");
        }
        try {
            return JSON.readTree(answer);
        } catch (JacksonException e) {
            throw new IOException(path + ": the answer is not JSON", e);
        }
    }

    private String whyNotConnected(SocketException e) {
        if (!Files.exists(path) || "Connection refused".equals(e.getMessage())) {
            return "no Spillway daemon is running there";
        }
        return e.getMessage() + " (the daemon's user or root may ask)";
    }
}
