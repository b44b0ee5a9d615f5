package io.spillway.node.pop;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.Site;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.wire.ReadinessReport;
import io.spillway.node.pop.api.Entity;
import io.spillway.node.pop.api.WanRecovery;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** What one site said of its readiness, and how far it counts. Owned by control. */
final class ReportedRecovery {
    private final ReadinessReport report;
    private final Site site;
    private final boolean isCurrent;

    /**
     * @param report null: the site said nothing
     * @param isCurrent what it said still holds, as far as it is known
     */
    ReportedRecovery(ReadinessReport report, Site site, boolean isCurrent) {
        this.report = report;
        this.site = site;
        this.isCurrent = isCurrent;
    }

    /**
     * @param detail of the site or of a WAN link; null: there is none
     * @return null: not known
     */
    String status(WanRecovery detail) {
        if (!site.type().hasAppliance()) {
            return WanRecovery.NOT_APPLICABLE;
        }
        return detail == null || !isCurrent ? null : detail.said();
    }

    /**
     * @param names of sites by ID, null for those not known; used later, by other threads
     * @param recoveringVia null: the site has not left
     * @return null: there is nothing to tell
     */
    WanRecovery detail(LongFunction<String> names, List<Entity> recoveringVia) {
        if (report != null) {
            Map<Integer, String> links =
                    site.links().stream()
                            .collect(Collectors.toMap(Link::index, Link::name, (one, _) -> one));
            return WanRecovery.of(
                    report, isCurrent, new WanRecovery.Names(names, links::get), recoveringVia);
        }
        if (!site.type().hasAppliance()) {
            return WanRecovery.without(List.of(ReasonCode.NO_APPLIANCE.name()), recoveringVia);
        }
        return recoveringVia == null ? null : WanRecovery.without(List.of(), recoveringVia);
    }

    /** The same of one WAN link; null: nothing was said of it. */
    WanRecovery detail(int link) {
        return report == null ? null : WanRecovery.of(report, link);
    }
}
