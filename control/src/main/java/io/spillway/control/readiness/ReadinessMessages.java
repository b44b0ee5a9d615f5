package io.spillway.control.readiness;

import io.spillway.control.wire.LinkReadiness;
import io.spillway.control.wire.PeerReadinessEntry;
import io.spillway.control.wire.ReadinessEntry;
import io.spillway.control.wire.ReadinessKind;
import io.spillway.control.wire.ReadinessReport;

/** Readiness to its wire form. */
public final class ReadinessMessages {
    private ReadinessMessages() {}

    public static ReadinessReport report(SiteReadiness readiness, long timeMs) {
        ReadinessReport.Builder report = ReadinessReport.newBuilder().setTimeMs(timeMs);
        report.setSite(entry(readiness.site()));
        readiness.links().forEach((link, value) -> report.addLinks(link(link, value)));
        readiness.peers().forEach(peer -> report.addPeers(peer(peer)));
        return report.build();
    }

    private static ReadinessEntry entry(Readiness readiness) {
        ReadinessEntry.Builder entry =
                ReadinessEntry.newBuilder()
                        .setKind(kind(readiness.status()))
                        .setConnected(readiness.connected())
                        .setExpected(readiness.expected());
        if (readiness.reason() != null) {
            entry.setReason(readiness.reason().name());
        }
        return entry.build();
    }

    private static LinkReadiness link(int index, Readiness readiness) {
        return LinkReadiness.newBuilder().setLink(index).setReadiness(entry(readiness)).build();
    }

    private static PeerReadinessEntry peer(PeerReadiness peer) {
        PeerReadinessEntry.Builder entry =
                PeerReadinessEntry.newBuilder()
                        .setSiteId(peer.siteId())
                        .setConnected(peer.isConnected());
        peer.faults().forEach(fault -> entry.addReasons(fault.code().name()));
        return entry.build();
    }

    private static ReadinessKind kind(Readiness.Status status) {
        return switch (status) {
            case READY -> ReadinessKind.READINESS_READY;
            case PARTIAL -> ReadinessKind.READINESS_PARTIAL;
            case NOT_READY -> ReadinessKind.READINESS_NOT_READY;
            case NOT_APPLICABLE -> ReadinessKind.READINESS_NOT_APPLICABLE;
            case DISABLED -> ReadinessKind.READINESS_DISABLED;
        };
    }
}
