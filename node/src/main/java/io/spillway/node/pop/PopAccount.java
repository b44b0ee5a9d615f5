package io.spillway.node.pop;

import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteType;
import io.spillway.control.wire.ReadinessReport;
import io.spillway.node.pop.api.AccountSnapshot;
import io.spillway.node.pop.api.DegradedStatus;
import io.spillway.node.pop.api.DeviceSnapshot;
import io.spillway.node.pop.api.Entity;
import io.spillway.node.pop.api.SiteInfo;
import io.spillway.node.pop.api.SiteSnapshot;
import io.spillway.node.pop.api.SocketInfo;
import io.spillway.node.pop.api.WanRecovery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.agrona.concurrent.EpochClock;

/**
 * The account as this PoP sees it, in the words of the API. Owned by control: one call is one
 * consistent look.
 *
 * <p>A site that has left, but that others which are here hear on their tunnels, passes traffic:
 * connected, and less well off (R099).
 */
final class PopAccount {
    private static final String CONNECTED = "connected";
    private static final String DISCONNECTED = "disconnected";
    private static final long MS_PER_S = 1000;

    private static final Set<SiteType> PUBLISHED =
            Set.of(SiteType.BRANCH, SiteType.HEADQUARTERS, SiteType.DATACENTER, SiteType.CLOUD_DC);

    private final PopControl control;
    private final EpochClock clock;

    PopAccount(PopControl control, EpochClock clock) {
        this.control = control;
        this.clock = clock;
    }

    /** On the control thread. */
    AccountSnapshot snapshot() {
        long wallMs = clock.time();
        Map<Long, List<AttachedSite>> hearers = control.readiness().hearers(control.sites());
        Map<Long, String> byId =
                control.sites().stream()
                        .collect(Collectors.toMap(AttachedSite::id, AttachedSite::name));
        List<SiteSnapshot> sites =
                control.sites().stream()
                        .map(site -> site(site, hearers.get(site.id()), byId::get, wallMs))
                        .toList();
        return new AccountSnapshot(control.setup().account(), Instant.ofEpochMilli(wallMs), sites);
    }

    /**
     * @param hearers null: nobody
     */
    private SiteSnapshot site(
            AttachedSite site,
            List<AttachedSite> hearers,
            LongFunction<String> names,
            long wallMs) {
        boolean isPresent = site.isAttached() || hearers != null;
        Site known = site.asSite();
        ReportedRecovery recovery = recovery(site, known, isPresent);
        ApiLinks links =
                new ApiLinks(site, known.links(), control.setup().name(), recovery, wallMs);
        WanRecovery detail = recovery.detail(names, via(site, hearers));
        SocketInfo socket = new SocketInfo(known.idText(), site.software());
        return new SiteSnapshot(
                site.id(),
                known.enabledLinks().stream().anyMatch(link -> !link.isAltWan()),
                info(known, links, socket),
                isPresent ? CONNECTED : DISCONNECTED,
                degraded(site, isPresent, links),
                time(site.attachedMs()),
                time(site.isAttached() ? wallMs : site.leftMs()),
                site.nodeName(),
                known.type().hasAppliance() ? List.of(device(site, links, socket, wallMs)) : null,
                recovery.status(detail),
                detail);
    }

    /** What it said to us holds until it speaks to another node, or to nobody. */
    private ReportedRecovery recovery(AttachedSite site, Site known, boolean isPresent) {
        boolean isOurs = site.connection() != null || site.away() == null;
        ReadinessReport report = isOurs ? control.readiness().report(site) : null;
        return new ReportedRecovery(report, known, isPresent || site.connection() != null);
    }

    private static SiteInfo info(Site site, ApiLinks links, SocketInfo socket) {
        return new SiteInfo(
                site.name(),
                PUBLISHED.contains(site.type()) ? site.type().name() : null,
                links.infos(),
                site.type().hasAppliance() ? List.of(socket) : List.of());
    }

    /** Null: it is gone, or another node knows. */
    private static DegradedStatus degraded(AttachedSite site, boolean isPresent, ApiLinks links) {
        boolean isKnown = isPresent && site.away() == null;
        return isKnown ? DegradedStatus.of(links.lost()) : null;
    }

    private DeviceSnapshot device(
            AttachedSite site, ApiLinks links, SocketInfo socket, long wallMs) {
        long attachedMs = site.attachedMs();
        return new DeviceSnapshot(
                site.isAttached(),
                time(attachedMs),
                socket.id(),
                links.snapshots(),
                links.states(),
                time(site.isAttached() ? wallMs : site.leftMs()),
                attachedMs == 0 ? null : (int) Math.max(0, (wallMs - attachedMs) / MS_PER_S),
                site.nodeName(),
                site.name(),
                socket);
    }

    private static List<Entity> via(AttachedSite site, List<AttachedSite> hearers) {
        if (site.isAttached()) {
            return null;
        }
        return hearers == null ? List.of() : hearers.stream().map(PopAccount::entity).toList();
    }

    private static Entity entity(AttachedSite site) {
        return new Entity(Long.toUnsignedString(site.id()), site.name(), Entity.SITE);
    }

    /** Null for 0, which is: not known. */
    private static Instant time(long wallMs) {
        return wallMs == 0 ? null : Instant.ofEpochMilli(wallMs);
    }
}
