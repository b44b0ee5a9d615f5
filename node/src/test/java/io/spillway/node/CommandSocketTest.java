package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class CommandSocketTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, Function<JsonNode, JsonNode>> HANDLERS =
            Map.of(
                    "status", request -> JSON.createObjectNode().put("site", 7),
                    "echo", request -> request,
                    "broken",
                            request -> {
                                throw new IllegalStateException("on purpose");
                            });

    @TempDir Path directory;
    private Path path;
    private CommandSocket socket;

    @BeforeEach
    void open() throws IOException {
        path = directory.resolve("run/site.sock");
        socket = CommandSocket.open(path, HANDLERS);
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    @Test
    void shouldAnswerByHandlerOfThatName() throws IOException {
        JsonNode answer = new CommandClient(path).ask("status");

        assertEquals("{\"site\":7}", answer.toString());
    }

    @Test
    void shouldHandTheWholeRequestToHandler() throws IOException {
        JsonNode answer =
                new CommandClient(path)
                        .ask(JSON.createObjectNode().put("command", "echo").put("site", "7"));

        assertEquals("{\"command\":\"echo\",\"site\":\"7\"}", answer.toString());
    }

    @Test
    void shouldAnswerManyRequestsOnOneConnection() throws IOException {
        try (Client client = new Client(path)) {
            client.send("{\"command\":\"status\"}\n{\"command\":\"status\"}\n{\"comm");
            client.send("and\":\"echo\"}\n");

            assertEquals("{\"site\":7}", client.line());
            assertEquals("{\"site\":7}", client.line());
            assertEquals("{\"command\":\"echo\"}", client.line());
        }
    }

    @Test
    void shouldBeOpenToItsOwnUserOnly() throws IOException {
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        try (var files = Files.list(path.getParent())) {
            assertEquals(List.of(path), files.toList());
        }
    }

    @Test
    void shouldNameKnownCommandsWhenAskedForAnother() throws IOException {
        assertEquals(
                "unknown command stauts, expected one of broken, echo, status",
                new CommandClient(path).ask("stauts").path("error").asString());
    }

    @Test
    void shouldRefuseWhatIsNoRequestAndGoOn() throws IOException {
        try (Client client = new Client(path)) {
            for (String bad :
                    List.of("", "hello", "[]", "7", "{}", "{\"command\":7}", "\0\0", "{")) {
                client.send(bad + "\n");

                String answer = client.line();

                assertTrue(answer.startsWith("{\"error\":\"expected "), answer);
            }
            client.send("{\"command\":\"status\"}\n");
            assertEquals("{\"site\":7}", client.line());
        }
    }

    @Test
    void shouldSurviveHandlerThatFails() throws IOException {
        JsonNode answer = new CommandClient(path).ask("broken");

        assertEquals("broken failed, see the daemon's log", answer.path("error").asString());
        assertEquals(7, new CommandClient(path).ask("status").path("site").asInt());
    }

    @Test
    void shouldHangUpOnEndlessLine() throws IOException {
        try (Client client = new Client(path)) {
            String part = "x".repeat(CommandSession.REQUEST_LENGTH_MAX);
            client.send(part);

            assertNull(client.lineOrHangUp(part));
        }
        assertEquals(7, new CommandClient(path).ask("status").path("site").asInt());
    }

    @Test
    void shouldSurviveRandomBytes() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 100; round++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            try (Client client = new Client(path)) {
                client.channel.write(ByteBuffer.wrap(noise));
            }
        }
        assertEquals(7, new CommandClient(path).ask("status").path("site").asInt(), "seed " + seed);
    }

    @Test
    void shouldMakeRoomByTheClientSilentForLongest() throws IOException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < CommandSocket.CLIENTS_MAX; i++) {
            Client client = new Client(path);
            client.send("{\"command\":\"status\"}\n");
            assertEquals("{\"site\":7}", client.line());
            clients.add(client);
        }
        clients.getFirst().send("{\"command\":\"status\"}\n");
        assertEquals("{\"site\":7}", clients.getFirst().line());

        JsonNode answer = new CommandClient(path).ask("status");

        assertEquals(7, answer.path("site").asInt());
        assertNull(clients.get(1).line());
        clients.getFirst().send("{\"command\":\"status\"}\n");
        assertEquals("{\"site\":7}", clients.getFirst().line());
        for (Client client : clients) {
            client.close();
        }
    }

    @Test
    void shouldRefuseSocketThatAnotherDaemonHas() {
        IOException refused =
                assertThrows(IOException.class, () -> CommandSocket.open(path, HANDLERS));

        assertEquals(path + ": in use, another daemon listens on it", refused.getMessage());
    }

    @Test
    void shouldReplaceSocketLeftBehind() throws IOException {
        Path left = directory.resolve("left.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(left));
        }

        try (CommandSocket _ = CommandSocket.open(left, HANDLERS)) {
            assertEquals(7, new CommandClient(left).ask("status").path("site").asInt());
        }
        assertFalse(Files.exists(left));
    }

    @Test
    void shouldNotReplaceFileThatIsNoSocket() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "data");

        IOException refused =
                assertThrows(IOException.class, () -> CommandSocket.open(file, HANDLERS));

        assertEquals(file + ": exists and is not a socket", refused.getMessage());
        assertEquals("data", Files.readString(file));
    }

    @Test
    void shouldRefusePathTooLongForKernel() {
        Path longPath = directory.resolve("x".repeat(100));

        IOException refused =
                assertThrows(IOException.class, () -> CommandSocket.open(longPath, HANDLERS));

        assertEquals(longPath + ": too long a path for a Unix socket", refused.getMessage());
    }

    @Test
    void shouldSayThatNoDaemonIsRunning() throws IOException {
        socket.close();

        IOException none =
                assertThrows(IOException.class, () -> new CommandClient(path).ask("status"));

        assertEquals(path + ": no Spillway daemon is running there", none.getMessage());
    }

    @Test
    void shouldNotWaitForEverForAnswer() throws IOException {
        Path mute = directory.resolve("mute.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(mute));
            CommandClient client = new CommandClient(mute, Duration.ofMillis(50));

            IOException late = assertThrows(IOException.class, () -> client.ask("status"));

            assertEquals(mute + ": no answer within 50ms", late.getMessage());
        }
    }

    private static final class Client implements AutoCloseable {

        private final SocketChannel channel;
        private final LineReader reader;

        Client(Path path) throws IOException {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            reader = new LineReader(channel, 1 << 20);
        }

        void send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        String line() throws IOException {
            return reader.line();
        }

        /** Sends on until the daemon hangs up; null then. */
        String lineOrHangUp(String more) throws IOException {
            try {
                send(more);
                return line();
            } catch (IOException e) {
                return null; // EPIPE or ECONNRESET
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
