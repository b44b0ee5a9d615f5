package io.spillway.routing.rib;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.FibEntry;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongToIntFunction;

/**
 * All learned routes. Owned by control; not thread safe.
 *
 * <p><b>Choice.</b> For an equal prefix, the earlier {@link RouteSource}; among sites the lowest
 * site ID, compared unsigned. The others stay listed as not in use. Prefixes that contain one
 * another do not compete: the {@link Fib} prefers the longer.
 *
 * <p><b>Freeze.</b> At PoP loss {@link #freeze} pins every site's routes; what the PoP says of a
 * site from then on waits until {@link #thaw} of that site swaps it in. A site first heard of while
 * frozen has no routes in force until its thaw. Local routes are never frozen. Where freezing is
 * switched off, the caller uses {@link #withdrawRemote} instead.
 *
 * <p><b>Stale.</b> {@link #markStale} says that the channel is down: routes stay as they are until
 * the PoP speaks of their site again, and those it has not spoken of by the end of its state go by
 * {@link #withdrawStale}. Stale and frozen are independent: data and channel fail apart.
 *
 * <p><b>Start without a PoP.</b> {@link #replaceRemote} each saved site, {@link #freeze} with the
 * saved time, {@link #markStale}.
 *
 * <p>Generations name a state of the PoP. They are compared for equality only, since another PoP
 * counts on its own; the channel keeps them in order.
 */
public final class Rib {
    private final LocalRoutes local = new LocalRoutes();
    private final NavigableMap<Long, SiteRoutes> sites = new TreeMap<>(Long::compareUnsigned);
    private boolean frozen;
    private long frozenAtMs;
    private long version;

    /** CONNECTED or STATIC; an earlier next hop of the same source and prefix is replaced. */
    public void addLocal(RouteSource source, Prefix prefix, NextHop nextHop) {
        note(local.add(source, prefix, nextHop));
    }

    /** Without effect when there is no such route. */
    public void removeLocal(RouteSource source, Prefix prefix) {
        note(local.remove(source, prefix));
    }

    /** All routes of one local source; those not named are gone. */
    public void replaceLocal(RouteSource source, Map<Prefix, NextHop> routes) {
        note(local.replace(source, routes));
    }

    /** All routes of one site, as the PoP states them; none = the site announces nothing. */
    public void replaceRemote(long siteId, long generation, Collection<Prefix> prefixes) {
        announce(site(siteId), SiteState.of(generation, prefixes));
    }

    /**
     * Changes to the state {@code baseGeneration} of one site. A prefix in both lists is announced.
     *
     * @return false when the site's latest known generation is another one: nothing was changed,
     *     and the caller needs the site's full state
     */
    public boolean updateRemote(
            long siteId,
            long baseGeneration,
            long generation,
            Collection<Prefix> withdrawn,
            Collection<Prefix> announced) {
        SiteRoutes site = sites.get(siteId);
        if (site == null || site.announced().generation() != baseGeneration) {
            return false;
        }
        announce(site, site.announced().with(generation, withdrawn, announced));
        return true;
    }

    private SiteRoutes site(long siteId) {
        if (siteId == 0) {
            throw new IllegalArgumentException("site ID 0 names no site");
        }
        return sites.computeIfAbsent(siteId, this::newSite);
    }

    private SiteRoutes newSite(long siteId) {
        SiteRoutes site = new SiteRoutes(siteId);
        if (frozen) {
            site.freeze(frozenAtMs);
        }
        return site;
    }

    private void announce(SiteRoutes site, SiteState state) {
        Set<Prefix> before = site.inForce().prefixes();
        site.announce(state);
        note(!before.equals(site.inForce().prefixes()));
    }

    /**
     * Pins the remote routes in force. Sites still frozen from before keep their older pin.
     *
     * @param nowMs wall clock, milliseconds since 1970; shown, and part of the saved state
     */
    public void freeze(long nowMs) {
        frozenAtMs = frozen ? frozenAtMs : nowMs;
        frozen = true;
        sites.values().forEach(site -> site.freeze(nowMs));
    }

    /** Pins one site's routes alone: it left the cloud while we did not. {@link #thaw} ends it. */
    public void freeze(long siteId, long nowMs) {
        SiteRoutes site = sites.get(siteId);
        if (site != null) {
            site.freeze(nowMs);
        }
    }

    /** Whether any site's routes are pinned. */
    public boolean isAnyFrozen() {
        return sites.values().stream().anyMatch(SiteRoutes::isFrozen);
    }

    /** Forgets one site, frozen or not: the directory no longer names it. */
    public RouteDifference forget(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null
                ? RouteDifference.NONE
                : difference(site.known(), () -> sites.remove(siteId));
    }

    /** Swaps one site from its pinned to its latest routes; nothing when it is not frozen. */
    public RouteDifference thaw(long siteId) {
        SiteRoutes site = sites.get(siteId);
        if (site == null || !site.isFrozen()) {
            return RouteDifference.NONE;
        }
        return difference(site.known(), site::thaw);
    }

    /** Thaws every site, and new sites are in force at once again. */
    public RouteDifference thawAll() {
        frozen = false;
        frozenAtMs = 0;
        Set<Prefix> touched = new HashSet<>();
        sites.values().stream()
                .filter(SiteRoutes::isFrozen)
                .forEach(s -> touched.addAll(s.known()));
        return difference(touched, () -> sites.values().forEach(SiteRoutes::thaw));
    }

    /** Forgets every site, frozen or not, and ends a freeze. */
    public RouteDifference withdrawRemote() {
        frozen = false;
        frozenAtMs = 0;
        Set<Prefix> touched = new HashSet<>();
        sites.values().forEach(site -> touched.addAll(site.inForce().prefixes()));
        return difference(touched, sites::clear);
    }

    /** The channel is down: nothing the PoP said is confirmed any more. */
    public void markStale() {
        sites.values().forEach(SiteRoutes::markStale);
    }

    /**
     * The PoP's state is complete: sites it did not speak of since {@link #markStale} announce
     * nothing. For frozen sites this waits, as any withdrawal.
     */
    public RouteDifference withdrawStale(long generation) {
        List<SiteRoutes> stale = sites.values().stream().filter(SiteRoutes::isStale).toList();
        Set<Prefix> touched = new HashSet<>();
        stale.forEach(site -> touched.addAll(site.inForce().prefixes()));
        return difference(touched, () -> stale.forEach(site -> site.withdraw(generation)));
    }

    private RouteDifference difference(Set<Prefix> touched, Runnable change) {
        Map<Prefix, Route> before = new HashMap<>();
        touched.forEach(prefix -> before.put(prefix, inUse(prefix)));
        change.run();
        List<Route> added = new ArrayList<>();
        List<Route> removed = new ArrayList<>();
        List<RouteDifference.Change> changed = new ArrayList<>();
        for (Prefix prefix : new TreeSet<>(touched)) {
            Route was = before.get(prefix);
            Route is = inUse(prefix);
            if (was == null && is != null) {
                added.add(is);
            } else if (was != null && is == null) {
                removed.add(was);
            } else if (was != null && !was.leavesLike(is)) {
                changed.add(new RouteDifference.Change(was, is));
            }
        }
        RouteDifference difference = new RouteDifference(added, removed, changed);
        note(!difference.isEmpty());
        return difference;
    }

    /** The route packets for exactly this prefix follow, or null. */
    public Route inUse(Prefix prefix) {
        Route best = local.best(prefix);
        if (best != null) {
            return best;
        }
        for (SiteRoutes site : sites.values()) {
            if (site.inForce().prefixes().contains(prefix)) {
                return site.route(prefix);
            }
        }
        return null;
    }

    /** Every known route, also those that lost or wait: by prefix, the one in use first. */
    public List<Route> routes() {
        return RouteList.of(local, sites.values());
    }

    /**
     * The routes in use, for the data plane.
     *
     * @param siteIndexOf the dense index of a site ID; negative = there is no way to that site, and
     *     its routes become UNREACHABLE rather than leave by a shorter prefix
     */
    public Fib toFib(long generation, LongToIntFunction siteIndexOf) {
        Map<Prefix, NextHop> chosen = new HashMap<>();
        local.forEach(route -> chosen.putIfAbsent(route.prefix(), route.nextHop()));
        for (SiteRoutes site : sites.values()) {
            int index = siteIndexOf.applyAsInt(site.siteId());
            NextHop nextHop = index < 0 ? NextHop.UNREACHABLE : NextHop.site(index);
            site.inForce().prefixes().forEach(prefix -> chosen.putIfAbsent(prefix, nextHop));
        }
        List<FibEntry> entries = new ArrayList<>(chosen.size());
        chosen.forEach((prefix, nextHop) -> entries.add(new FibEntry(prefix, nextHop)));
        return Fib.of(generation, entries);
    }

    /** Grows whenever the routes in use may have changed, so that a new {@link Fib} is due. */
    public long version() {
        return version;
    }

    private void note(boolean changed) {
        version += changed ? 1 : 0;
    }

    /** From {@link #freeze} to {@link #thawAll}, also when every site was thawed singly. */
    public boolean isFrozen() {
        return frozen;
    }

    /** When this freeze began, wall clock; 0 = not frozen. */
    public long frozenAtMs() {
        return frozenAtMs;
    }

    public boolean isFrozen(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site != null && site.isFrozen();
    }

    /** The PoP itself announced this site's routes, and the channel was not lost since. */
    public boolean isConfirmed(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site != null && !site.isStale();
    }

    /** Generation of the site's routes in force; 0 = none. */
    public long generation(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? 0 : site.inForce().generation();
    }

    /** Of the site's routes in force; in order. */
    public SortedSet<Prefix> prefixesInForce(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? new TreeSet<>() : new TreeSet<>(site.inForce().prefixes());
    }

    /** Generation of the site's latest routes, in force or waiting; 0 = none. */
    public long latestGeneration(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? 0 : site.announced().generation();
    }
}
