package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyLogTest {
    private static final byte[] RANDOM = {0x01, (byte) 0xAB};
    private static final byte[] SECRET = {(byte) 0xF0, 0x0D};

    @TempDir Path directory;

    @Test
    void shouldAppendLinesToFileOfItsOwner() throws Exception {
        Path file = directory.resolve("keys");

        for (int i = 0; i < 2; i++) {
            try (KeyLog log = KeyLog.open(file)) {
                log.write(RANDOM, SECRET);
            }
        }

        String line = "CLIENT_RANDOM 01ab f00d\n";
        assertEquals(line + line, Files.readString(file));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void shouldTellWhoListensWithOrWithoutAFile() throws Exception {
        List<String> told = new ArrayList<>();
        KeyLog log = KeyLog.off();
        log.follow(line -> told.add(new String(line)));
        assertTrue(log.isOn());
        log.write(RANDOM, SECRET);

        log.follow(null);
        log.write(RANDOM, SECRET);

        assertFalse(log.isOn());
        assertEquals(List.of("CLIENT_RANDOM 01ab f00d\n"), told);
    }

    @Test
    void shouldCountLinesThatCouldNotBeWritten() throws Exception {
        KeyLog log = KeyLog.open(directory.resolve("keys"));
        log.close();

        log.write(RANDOM, SECRET);

        assertEquals(1, log.failedWriteCount());
    }

    @Test
    void shouldWriteNothingWhenOff() {
        KeyLog.off().write(RANDOM, SECRET);

        assertFalse(KeyLog.off().isOn());
    }
}
