package io.spillway.node.alarm;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.node.DropCounts;
import io.spillway.node.NodeVersion;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;

/** What every daemon notices of its machine. */
public final class NodeAlarms {
    private NodeAlarms() {}

    /** Said once, when a daemon runs. */
    public static EventDraft started() {
        return new EventDraft(
                EventType.DAEMON_STARTED,
                "Daemon started",
                Map.of(EventField.SOFTWARE, NodeVersion.TEXT));
    }

    /**
     * @param certificate that is shown at the moment; any thread
     * @param drops counted since the start; any thread
     * @param state directory of what survives a restart
     */
    public static List<Alarm> of(
            Supplier<X509Certificate> certificate,
            Supplier<List<DropCounts.Row>> drops,
            Path state,
            EpochClock wallClock) {
        return List.of(
                new CertificateAlarm(certificate, wallClock),
                new DropsAlarm(drops),
                new DiskAlarm(state));
    }
}
