package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void shouldNameEveryConstantAsItIsCalled() throws Exception {
        for (Field constant : Errno.class.getFields()) {
            int errno = constant.getInt(null);

            assertEquals(constant.getName(), Errno.name(errno));
            assertFalse(Errno.describe(errno).isBlank());
        }
    }

    @Test
    void shouldNumberUnknownError() {
        assertEquals("errno 4711", Errno.name(4711));
        assertEquals("unknown error", Errno.describe(4711));
    }

    @Test
    void shouldSayCallSubjectErrnoAndMeaning() {
        LinuxException e = new LinuxException("bind 10.0.0.1:443", Errno.EADDRINUSE);

        assertEquals(
                "bind 10.0.0.1:443: EADDRINUSE (address and port in use by another socket)",
                e.getMessage());
        assertEquals(98, e.errno());
    }
}
