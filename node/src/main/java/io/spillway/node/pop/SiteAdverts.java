package io.spillway.node.pop;

import io.spillway.control.route.RouteAssembly;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.RoutePart;
import io.spillway.control.wire.RouteRequest;
import io.spillway.routing.rib.PrefixSet;
import io.spillway.routing.rib.Rib;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the sites here advertise, as far as there is room: one site may have {@link
 * Rib#LIMIT_DEFAULT} routes, all together {@link #ROUTES_MAX}. Of a site that finds no room for all
 * of its routes the first in order are kept; when others have given room it is asked for the whole
 * again. Owned by control.
 */
final class SiteAdverts {
    /** Of all sites here: about 100 bytes of heap each, besides the lookup tables. */
    static final int ROUTES_MAX = Rib.LIMIT_DEFAULT;

    private static final Logger LOG = LoggerFactory.getLogger(SiteAdverts.class);

    private final Collection<AttachedSite> sites;
    private final int routesMax;
    private final Set<AttachedSite> curtailed = new HashSet<>();
    private long refused;

    /**
     * @param sites all, a view
     */
    SiteAdverts(Collection<AttachedSite> sites) {
        this(sites, ROUTES_MAX);
    }

    SiteAdverts(Collection<AttachedSite> sites, int routesMax) {
        this.sites = sites;
        this.routesMax = routesMax;
    }

    /** Routes that were advertised and not taken, so far. */
    long refused() {
        return refused;
    }

    /** Whether the routes of the site are others now. */
    boolean take(AttachedSite site, RoutePart part) {
        RouteAssembly.Result result = site.assembly().take(site.id(), part);
        return switch (result) {
            case INCOMPLETE -> false;
            case UNFIT -> ask(site);
            case TOO_MANY -> {
                refused += Rib.LIMIT_DEFAULT;
                site.connection().close("more than " + Rib.LIMIT_DEFAULT + " routes");
                yield false;
            }
            case COMPLETE -> {
                int before = countOf(site);
                if (!site.told().apply(site.assembly().change())) {
                    yield ask(site);
                }
                keepWhatFits(site);
                if (countOf(site) < before) {
                    askCurtailed(site);
                }
                yield true;
            }
        };
    }

    /** Its routes have given room. */
    void forget(AttachedSite site) {
        curtailed.remove(site);
        if (countOf(site) > 0) {
            askCurtailed(site);
        }
    }

    private void keepWhatFits(AttachedSite site) {
        int others = sites.stream().mapToInt(SiteAdverts::countOf).sum() - countOf(site);
        int room = Math.max(0, Math.min(Rib.LIMIT_DEFAULT, routesMax - others));
        int excess = countOf(site) - room;
        if (excess <= 0) {
            curtailed.remove(site);
            return;
        }
        site.told().keepFirst(room);
        refused += excess;
        if (curtailed.add(site)) {
            LOG.error(
                    "site {} has {} routes more than there is room for, {} of all sites: left out",
                    site.name(),
                    excess,
                    routesMax);
        }
    }

    private static int countOf(AttachedSite site) {
        PrefixSet prefixes = site.told().prefixes();
        return prefixes == null ? 0 : prefixes.size();
    }

    private void askCurtailed(AttachedSite except) {
        curtailed.stream().filter(site -> site != except).forEach(SiteAdverts::ask);
    }

    /** Always false: nothing changed yet. */
    private static boolean ask(AttachedSite site) {
        if (site.connection() != null) {
            RouteRequest.Builder request = RouteRequest.newBuilder().setSiteId(site.id());
            site.connection().send(Frame.newBuilder().setRouteRequest(request).build());
        }
        return false;
    }
}
