package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ServiceLifeTest {
    private static final long SILENCE_MAX_US = 60_000;
    private static final long WAIT_MS = 10_000;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final ServiceLife life =
            new ServiceLife(heard::add, () -> heard.add("end"), SILENCE_MAX_US);

    private String next() throws InterruptedException {
        return heard.poll(WAIT_MS, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldTellItsWholeLife() throws Exception {
        life.ready();
        life.watch(Runnable::run, 2, twice());

        assertEquals("READY=1", next());
        assertEquals("WATCHDOG=1", next());
        assertEquals("WATCHDOG=1", next());

        life.stopping();
        life.close();

        while (heard.contains("WATCHDOG=1")) {
            assertEquals("WATCHDOG=1", next());
        }
        assertEquals("STOPPING=1", next());
        assertEquals("end", next());
    }

    /** Of two threads one hangs. */
    @Test
    void shouldBeSilentWhenAThreadTakesNothing() throws Exception {
        life.watch(Runnable::run, 2, Runnable::run);

        assertNull(heard.poll(3 * SILENCE_MAX_US, TimeUnit.MICROSECONDS));
        life.close();
    }

    @Test
    void shouldBeSilentWhenControlTakesNothing() throws Exception {
        life.watch(_ -> {}, 1, Runnable::run);

        assertNull(heard.poll(3 * SILENCE_MAX_US, TimeUnit.MICROSECONDS));
        life.close();
    }

    @Test
    void shouldBeatOnlyWhereThatIsWanted() {
        String own = Long.toString(ProcessHandle.current().pid());

        assertEquals(0, ServiceLife.silenceMaxUs(Map.of()));
        assertEquals(5, ServiceLife.silenceMaxUs(Map.of("WATCHDOG_USEC", "5")));
        assertEquals(
                5, ServiceLife.silenceMaxUs(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", own)));
        assertEquals(
                0, ServiceLife.silenceMaxUs(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", "1")));
        assertEquals(0, ServiceLife.silenceMaxUs(Map.of("WATCHDOG_USEC", "soon")));
    }

    @Test
    void shouldGoOnWithoutAServiceManager() {
        ServiceLife alone = ServiceLife.of(Map.of());
        ServiceLife misled = ServiceLife.of(Map.of("NOTIFY_SOCKET", ""));

        for (ServiceLife each : new ServiceLife[] {alone, misled}) {
            each.watch(Runnable::run, 1, Runnable::run);
            each.ready();
            each.stopping();
            each.close();
        }
        assertTrue(heard.isEmpty());
    }

    private static Consumer<Runnable> twice() {
        return sign -> {
            sign.run();
            sign.run();
        };
    }
}
