package io.spillway.node.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.node.DropCounts;
import io.spillway.node.TestCertificate;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmsTest {
    private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");

    @TempDir private Path directory;
    private final CachedEpochClock wallClock = new CachedEpochClock();
    private List<DropCounts.Row> drops = List.of();

    @Test
    void shouldWarnOfACertificateOnceForEachStep() {
        X509Certificate shown = certificate(Duration.ofDays(100));
        CertificateAlarm alarm = new CertificateAlarm(() -> shown, wallClock);
        assertEquals(List.of(), certificateAt(alarm, 85.9));
        assertEquals(
                List.of("Certificate expires at 2027-02-09T00:00:00Z"), certificateAt(alarm, 86.1));
        assertEquals(List.of(), certificateAt(alarm, 97));
        assertEquals(1, certificateAt(alarm, 98.1).size());
        assertEquals(List.of("Certificate has expired"), certificateAt(alarm, 100));
        assertEquals(List.of(), certificateAt(alarm, 101));
    }

    @Test
    void shouldWarnOfAShortCertificateInItsLastQuarter() {
        X509Certificate shown = certificate(Duration.ofDays(4));
        CertificateAlarm alarm = new CertificateAlarm(() -> shown, wallClock);
        assertEquals(List.of(), certificateAt(alarm, 2.9));
        assertEquals(1, certificateAt(alarm, 3.1).size());
    }

    private List<String> certificateAt(CertificateAlarm alarm, double day) {
        wallClock.update(BEGIN.toEpochMilli() + (long) (day * Duration.ofDays(1).toMillis()));
        return alarm.look(0).stream().map(EventDraft::message).toList();
    }

    private static X509Certificate certificate(Duration life) {
        return TestCertificate.of("berlin", BEGIN, BEGIN.plus(life)).certificate();
    }

    @Test
    void shouldWarnOfManyDropsForWantOfRoomAndNotOfOthers() {
        DropsAlarm alarm = new DropsAlarm(() -> drops);
        drops(999, 1_000_000);
        assertEquals(List.of(), alarm.look(0));
        drops(1998, 2_000_000);
        assertEquals(List.of(), alarm.look(1), "each minute by itself");
        drops(2998, 2_000_000);
        EventDraft told = alarm.look(2).getFirst();
        assertEquals(EventType.PACKETS_DROPPED, told.type());
        assertEquals("POOL_EXHAUSTED 1000", told.fields().get(EventField.FAILURE_REASON));
        drops(9999, 2_000_000);
        assertEquals(List.of(), alarm.look(3), "told a moment ago");
        drops(19_999, 2_000_000);
        assertEquals(1, alarm.look(2 + DropsAlarm.REPEAT_NS).size());
    }

    private void drops(long exhausted, long blocked) {
        drops =
                List.of(
                        new DropCounts.Row("POOL_EXHAUSTED", "data plane", exhausted, null),
                        new DropCounts.Row("FIREWALL_BLOCKED", "data plane", blocked, null),
                        new DropCounts.Row("TAP_QUEUE_FULL", "lan0", 0, "no such device"));
    }

    @Test
    void shouldWarnOfADiskOnce() {
        DiskAlarm gone = new DiskAlarm(directory.resolve("gone"));
        EventDraft told = gone.look(0).getFirst();
        assertTrue(told.message().startsWith("State cannot be kept"), told.message());
        assertEquals(List.of(), gone.look(1));
        assertEquals(List.of(), new DiskAlarm(directory).look(0));
    }

    @Test
    void shouldLookAgainAndAgainWhateverOneDoes() throws Exception {
        BlockingQueue<EventDraft> told = new LinkedBlockingQueue<>();
        Alarm faulty =
                _ -> {
                    throw new IllegalStateException("a fault for this test");
                };
        Alarm well = _ -> List.of(NodeAlarms.started());
        try (Alarms _ =
                Alarms.start(
                        List.of(faulty, well),
                        told::add,
                        SystemNanoClock.INSTANCE,
                        Duration.ofMillis(1))) {
            assertEquals(EventType.DAEMON_STARTED, told.poll(5, TimeUnit.SECONDS).type());
            assertEquals(EventType.DAEMON_STARTED, told.poll(5, TimeUnit.SECONDS).type());
        }
    }
}
