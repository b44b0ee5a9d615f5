package io.spillway.node.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.Event;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.control.event.RecoveryEvents;
import io.spillway.node.NoticesConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogTargetTest {
    private static final NoticeOrigin BERLIN = new NoticeOrigin("site", "1001", "berlin");
    private static final Event ACTIVATED =
            new Event(
                    "1001-7-1",
                    1_795_248_527_123L,
                    EventType.OFF_CLOUD_RECOVERY.type(),
                    EventType.OFF_CLOUD_RECOVERY.subType(),
                    RecoveryEvents.ACTIVATED,
                    Map.of(EventField.DEST_SITE_NAME, "[\"london\"]"));

    @TempDir private Path directory;

    @Test
    void shouldWriteAsTheStandardSays() {
        String text = new SyslogText(BERLIN).of(new Notice(ACTIVATED, NoticeKind.RECOVERY, 2));

        assertEquals(
                "<131>1 2026-11-21T08:08:47.123Z berlin spillway "
                        + ProcessHandle.current().pid()
                        + " recovery [spillway@32473 id=\"1001-7-1\" role=\"site\""
                        + " site_id=\"1001\" omitted=\"2\""
                        + " dest_site_name=\"[\\\"london\\\"\\]\"]"
                        + " Off-Cloud Recovery Activated",
                text);
    }

    @Test
    void shouldTellAServerThatHasTheRightCertificate() throws Exception {
        try (SyslogServer server = SyslogServer.open(directory, "localhost")) {
            try (Dialer dialer = new Dialer(List::of)) {
                target(server, dialer).send(new Notice(ACTIVATED, NoticeKind.RECOVERY, 0));
            }

            String received = server.received();

            int length = Integer.parseInt(received.substring(0, received.indexOf(' ')));
            assertEquals(length, received.length() - received.indexOf(' ') - 1);
            assertTrue(received.endsWith("Off-Cloud Recovery Activated"), received);
        }
    }

    @Test
    void shouldRefuseAServerOfAnotherName() throws Exception {
        try (SyslogServer server = SyslogServer.open(directory, "elsewhere.example");
                Dialer dialer = new Dialer(List::of)) {
            SyslogTarget target = target(server, dialer);

            IOException e =
                    assertThrows(
                            IOException.class,
                            () -> target.send(new Notice(ACTIVATED, NoticeKind.RECOVERY, 0)));

            assertTrue(e.getMessage().contains("localhost"), e.getMessage());
        }
    }

    private static SyslogTarget target(SyslogServer server, Dialer dialer) throws IOException {
        var config =
                new NoticesConfig.Syslog(
                        "siem", "localhost", server.port(), server.certificateFile());
        return new SyslogTarget(config, BERLIN, dialer);
    }
}
