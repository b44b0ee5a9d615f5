package io.spillway.node.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFilesTest {
    @TempDir private Path directory;

    @Test
    void shouldKeepTheLastFilesEachWholeByItself() throws IOException {
        try (CaptureFiles files = new CaptureFiles(directory.resolve("a.b.pcapng"), 10, 2)) {
            files.write(bytes("head"), 0);
            files.write(bytes("one"), 1);
            files.write(bytes("two"), 1);
            files.write(bytes("three"), 1);
            files.write(bytes("far too long"), 1);

            assertEquals(4, files.packets());
        }

        assertEquals(List.of("a.b-00002.pcapng", "a.b-00003.pcapng"), names());
        assertEquals("headthree", Files.readString(directory.resolve("a.b-00002.pcapng")));
        assertEquals("headfar too long", Files.readString(directory.resolve("a.b-00003.pcapng")));
    }

    @Test
    void shouldMakeAFileOfNothingButItsHead() throws IOException {
        try (CaptureFiles files = new CaptureFiles(directory.resolve("berlin"), 10, 2)) {
            files.write(bytes("head"), 0);
        }

        assertEquals("head", Files.readString(directory.resolve("berlin-00001")));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
