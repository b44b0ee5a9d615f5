package io.spillway.control.readiness;

import io.spillway.control.wire.LinkReadiness;
import io.spillway.control.wire.PeerReadinessEntry;
import io.spillway.control.wire.ReadinessEntry;
import io.spillway.control.wire.ReadinessKind;
import io.spillway.control.wire.ReadinessReport;

/** Readiness to its wire form, and back what a PoP shows of it. */
public final class ReadinessMessages {
    private ReadinessMessages() {}

    public static ReadinessReport report(SiteReadiness readiness, long timeMs) {
        ReadinessReport.Builder report = ReadinessReport.newBuilder().setTimeMs(timeMs);
        report.setSite(entry(readiness.site()));
        readiness.links().forEach((link, value) -> report.addLinks(link(link, value)));
        readiness.peers().forEach(peer -> report.addPeers(peer(peer)));
        return report.build();
    }

    /** Null: of a kind that we do not know. */
    public static Readiness read(ReadinessEntry entry) {
        Readiness.Status status = status(entry.getKind());
        return status == null
                ? null
                : new Readiness(status, entry.getConnected(), entry.getExpected(), null);
    }

    private static Readiness.Status status(ReadinessKind kind) {
        return switch (kind) {
            case READINESS_READY -> Readiness.Status.READY;
            case READINESS_PARTIAL -> Readiness.Status.PARTIAL;
            case READINESS_NOT_READY -> Readiness.Status.NOT_READY;
            case READINESS_NOT_APPLICABLE -> Readiness.Status.NOT_APPLICABLE;
            case READINESS_DISABLED -> Readiness.Status.DISABLED;
            case READINESS_UNKNOWN, UNRECOGNIZED -> null;
        };
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
