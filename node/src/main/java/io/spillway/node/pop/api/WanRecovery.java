package io.spillway.node.pop.api;

import io.spillway.control.readiness.Readiness;
import io.spillway.control.readiness.ReadinessMessages;
import io.spillway.control.wire.LinkReadiness;
import io.spillway.control.wire.PeerReadinessEntry;
import io.spillway.control.wire.ReadinessEntry;
import io.spillway.control.wire.ReadinessReport;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * Whether recovery would work, as a site said last, of the site or of one WAN link. Immutable. Made
 * of the site's report field by field as it is asked for, since each of 500 sites names 499.
 */
public final class WanRecovery {
    public static final String NOT_APPLICABLE = "not_applicable";

    private final ReadinessReport report;
    private final ReadinessEntry said;
    private final boolean isCurrent;
    private final Names names;
    private final List<Entity> recoveringVia;
    private final List<String> reasonsAlone;

    /**
     * Of what a report only has the number; null for what is not known.
     *
     * @param sites by ID
     * @param links by index
     */
    public record Names(LongFunction<String> sites, IntFunction<String> links) {}

    /** Of one WAN link. */
    public record Link(
            String id,
            String name,
            String wanRecoveryStatus,
            int connected,
            int expected,
            List<String> reasons) {}

    /** Of one other site. */
    public record Peer(String id, String name, boolean connected, List<String> reasons) {}

    private WanRecovery(
            ReadinessReport report,
            ReadinessEntry said,
            boolean isCurrent,
            Names names,
            List<Entity> recoveringVia,
            List<String> reasonsAlone) {
        this.report = report;
        this.said = said;
        this.isCurrent = isCurrent;
        this.names = names;
        this.recoveringVia = recoveringVia;
        this.reasonsAlone = reasonsAlone;
    }

    /**
     * Of a site.
     *
     * @param isCurrent what it said still holds, as far as it is known
     * @param recoveringVia sites that hear it while the PoP does not; null: the PoP does
     */
    public static WanRecovery of(
            ReadinessReport report, boolean isCurrent, Names names, List<Entity> recoveringVia) {
        return new WanRecovery(report, report.getSite(), isCurrent, names, recoveringVia, null);
    }

    /** Of a site that said nothing. */
    public static WanRecovery without(List<String> reasons, List<Entity> recoveringVia) {
        return new WanRecovery(null, null, false, null, recoveringVia, reasons);
    }

    /** Of one WAN link; null: nothing was said of it. */
    public static WanRecovery of(ReadinessReport report, int link) {
        return report.getLinksList().stream()
                .filter(each -> each.getLink() == link)
                .map(LinkReadiness::getReadiness)
                .findFirst()
                .map(said -> new WanRecovery(report, said, false, null, null, null))
                .orElse(null);
    }

    /** In the words of {@code WanRecoveryStatus}, whether or not it still holds; null: unknown. */
    public String said() {
        return said == null ? null : word(said);
    }

    public Integer connected() {
        return said == null ? null : said.getConnected();
    }

    public Integer expected() {
        return said == null ? null : said.getExpected();
    }

    /** Its own first, then what is most urgent for each peer that is missing. */
    public List<String> reasons() {
        if (said == null) {
            return reasonsAlone;
        }
        Set<String> reasons = new LinkedHashSet<>(own(said));
        List<PeerReadinessEntry> peers = isOfSite() ? report.getPeersList() : List.of();
        for (PeerReadinessEntry peer : peers) {
            if (!peer.getConnected() && peer.getReasonsCount() > 0) {
                reasons.add(peer.getReasons(0));
            }
        }
        return List.copyOf(reasons);
    }

    /** When the site said so; null: it did not. */
    public Instant provenAt() {
        return report == null ? null : Instant.ofEpochMilli(report.getTimeMs());
    }

    /** Null: this is of one, or nothing was said. */
    public List<Link> interfaces() {
        return isOfSite() ? report.getLinksList().stream().map(this::link).toList() : null;
    }

    /** The same. */
    public List<Peer> peers() {
        return isOfSite() ? report.getPeersList().stream().map(this::peer).toList() : null;
    }

    /** Null: the site has not left the PoP, or this is of one WAN link. */
    public List<Entity> recoveringVia() {
        return recoveringVia;
    }

    private boolean isOfSite() {
        return names != null;
    }

    private Link link(LinkReadiness each) {
        ReadinessEntry entry = each.getReadiness();
        return new Link(
                Integer.toString(each.getLink()),
                names.links().apply(each.getLink()),
                isCurrent ? word(entry) : null,
                entry.getConnected(),
                entry.getExpected(),
                own(entry));
    }

    private Peer peer(PeerReadinessEntry each) {
        return new Peer(
                Long.toUnsignedString(each.getSiteId()),
                names.sites().apply(each.getSiteId()),
                each.getConnected(),
                List.copyOf(each.getReasonsList()));
    }

    private static List<String> own(ReadinessEntry entry) {
        return entry.getReason().isEmpty() ? List.of() : List.of(entry.getReason());
    }

    private static String word(ReadinessEntry entry) {
        Readiness readiness = ReadinessMessages.read(entry);
        return readiness == null ? null : word(readiness.status());
    }

    private static String word(Readiness.Status status) {
        return switch (status) {
            case READY -> "ready";
            case PARTIAL -> "partial";
            case NOT_READY -> "not_ready";
            case NOT_APPLICABLE, DISABLED -> NOT_APPLICABLE;
        };
    }
}
