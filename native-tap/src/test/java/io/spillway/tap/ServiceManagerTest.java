package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a socket of the kind that a service manager has. */
class ServiceManagerTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int PATH_OFFSET = 2;
    private static final int LENGTH = 256;

    @TempDir Path directory;
    private final LinuxCalls calls = new LinuxCalls();
    private final Arena arena = Arena.ofConfined();
    private int fd = -1;

    @AfterEach
    void close() {
        if (fd >= 0) {
            calls.close(fd);
        }
        arena.close();
    }

    private void listen(byte[] path) throws LinuxException {
        fd = LinuxException.check(calls.socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
        MemorySegment name = arena.allocate(LENGTH, Long.BYTES);
        Memory.putShort(name.address(), AF_UNIX);
        Memory.putBytes(name.address() + PATH_OFFSET, path);
        LinuxException.check(calls.bind(fd, name.address(), PATH_OFFSET + path.length), "bind");
    }

    private String heard() {
        MemorySegment memory = arena.allocate(LENGTH, Long.BYTES);
        int length = calls.read(fd, memory.address(), LENGTH);
        byte[] bytes = new byte[Math.max(0, length)];
        Memory.getBytes(memory.address(), bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @Test
    void shouldBeHeardAtAFile() throws Exception {
        String path = directory.resolve("notify").toString();
        listen(path.getBytes(StandardCharsets.UTF_8));
        try (ServiceManager manager = ServiceManager.connect(path)) {
            assertTrue(manager.tell(ServiceManager.READY));
            assertTrue(manager.tell(ServiceManager.ALIVE));
        }

        assertEquals("READY=1", heard());
        assertEquals("WATCHDOG=1", heard());
        assertEquals("", heard());
    }

    @Test
    void shouldBeHeardWithoutAFile() throws Exception {
        String name = "spillway-test-" + ProcessHandle.current().pid();
        listen(("\0" + name).getBytes(StandardCharsets.UTF_8));
        try (ServiceManager manager = ServiceManager.connect("@" + name)) {
            assertTrue(manager.tell(ServiceManager.STOPPING));
        }

        assertEquals("STOPPING=1", heard());
    }

    @Test
    void shouldGoOnWhereNobodyListens() throws Exception {
        ServiceManager manager = ServiceManager.connect(directory.resolve("nobody").toString());

        assertFalse(manager.tell(ServiceManager.READY));
        manager.close();
        assertFalse(manager.tell(ServiceManager.READY));
        assertThrows(LinuxException.class, () -> ServiceManager.connect(""));
        assertThrows(LinuxException.class, () -> ServiceManager.connect("x".repeat(108)));
    }
}
