package io.spillway.node.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a node's command socket: one JSON object a line each way. Blocks as long as the node does.
 */
final class CommandClient {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ANSWER_LENGTH_MAX = 16 << 20;
    private final UnixDomainSocketAddress address;

    CommandClient(Path socket) {
        address = UnixDomainSocketAddress.of(socket);
    }

    JsonNode ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(address)) {
            String question = JSON.createObjectNode().put("command", command) + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(question.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return JSON.readTree(readLine(channel));
        } catch (JacksonException e) {
            throw new IOException(address + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private byte[] readLine(SocketChannel channel) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(1 << 16);
        while (channel.read(part) >= 0) {
            int length = part.position();
            boolean isWhole = length > 0 && part.get(length - 1) == '\n';
            line.write(part.array(), 0, length);
            if (isWhole) return line.toByteArray();
            if (line.size() > ANSWER_LENGTH_MAX)
                throw new IOException(address + ": answer too long");
            part.clear();
        }
        throw new IOException(address + ": closed in the middle of an answer");
    }
}
