package io.spillway.node.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.CommandSocket;
import io.spillway.node.CommandStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A stream over the command socket, into a file. */
@Timeout(30)
class CaptureClientTest {
    private static final ObjectNode REQUEST = CaptureRequest.json(List.of(), "", 100, 0);
    private static final byte[] BLOCK = new byte[300_000];

    @TempDir Path directory;

    private interface Conversation {
        void with(CaptureClient client) throws IOException;
    }

    private void talk(CommandStream stream, Conversation conversation) throws IOException {
        Path socket = directory.resolve("s");
        Map<String, CommandStream> streams = Map.of(CaptureRequest.COMMAND, stream);
        try (CommandSocket _ = CommandSocket.open(socket, Map.of(), streams);
                CaptureClient client = CaptureClient.ask(socket, REQUEST)) {
            conversation.with(client);
        }
    }

    private static JsonNode line(String key) {
        return JsonMapper.shared().createObjectNode().put(key, true);
    }

    /** Until the client asks for the end, as a capture does. */
    private static void streamUntilLeft(JsonNode request, CommandStream.Client client)
            throws IOException {
        client.line(line("begun"));
        client.chunk(ByteBuffer.wrap(BLOCK), 7);
        while (!client.isLeaving()) {
            Thread.onSpinWait();
        }
        client.chunk(ByteBuffer.wrap(BLOCK), 1);
        client.endChunks();
        client.line(line("ended"));
    }

    @Test
    void shouldHaveWholeFileWhenItAsksForTheEnd() throws IOException {
        Path path = directory.resolve("file");
        try (CaptureFile file = CaptureFile.open(path)) {
            talk(
                    CaptureClientTest::streamUntilLeft,
                    client -> {
                        assertTrue(client.line().has("begun"));
                        client.copyTo(
                                (bytes, packets) -> {
                                    file.write(bytes, packets);
                                    client.end();
                                });
                        assertTrue(client.line().has("ended"));
                    });
            assertEquals(8, file.packets());
        }

        assertEquals(2 * BLOCK.length, Files.size(path));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void shouldTellThatTheDaemonEnded() throws IOException {
        talk(
                (_, client) -> client.line(line("begun")),
                client -> {
                    assertTrue(client.line().has("begun"));
                    assertThrows(EOFException.class, () -> client.copyTo((_, _) -> {}));
                });
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        Path nowhere = directory.resolve("nowhere");

        var refused = assertThrows(IOException.class, () -> CaptureClient.ask(nowhere, REQUEST));

        assertEquals(nowhere + ": no Spillway daemon is running", refused.getMessage());
    }

    /** The kernel's own full disk. */
    @Test
    void shouldSayThatTheDiskIsFull() throws IOException {
        try (CaptureFile file = CaptureFile.open(Path.of("/dev/full"))) {
            var refused =
                    assertThrows(IOException.class, () -> file.write(ByteBuffer.wrap(BLOCK), 7));

            assertEquals("No space left on device", refused.getMessage());
            assertEquals(0, file.packets());
        }
    }

    @Test
    void shouldWriteFileAnew() throws IOException {
        Path path = directory.resolve("file");
        Files.write(path, new byte[10]);

        try (CaptureFile file = CaptureFile.open(path)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1);
        }

        assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(path));
    }
}
