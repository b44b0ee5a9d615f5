package io.spillway.routing.rib;

import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.NextHopSet;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * All learned routes. Owned by control; not thread safe.
 *
 * <p><b>Choice.</b> For an equal prefix, the earlier {@link RouteSource}; among BGP paths what the
 * speaker's decision process chose, with the next hops of all that are equally good; among sites
 * the lowest site ID, compared unsigned. The others stay listed as not in use, with the reason.
 * Prefixes that contain one another do not compete: the {@link Fib} prefers the longer.
 *
 * <p><b>BGP.</b> A speaker states the paths of each prefix by {@link #replaceBgp}, and bounds them.
 * What it is to advertise it learns by {@link #newChanges}.
 *
 * <p><b>Limits.</b> A site has at most as many routes as {@link #limit} says; those beyond are
 * refused and counted by {@link #refused}.
 *
 * <p><b>Freeze.</b> At PoP loss {@link #freeze} pins every site's routes; what the PoP says of a
 * site from then on waits until {@link #thaw} of that site swaps it in. A site first heard of while
 * frozen has no routes in force until its thaw. Local routes are never frozen. Where freezing is
 * switched off, the caller uses {@link #withdrawRemote} instead.
 *
 * <p><b>Live.</b> {@link #changeLive} takes a frozen site's own word on what has changed since:
 * what is pinned, with that change, is in force until the thaw.
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
    /** Of one site, unless {@link #limit} says otherwise. */
    public static final int LIMIT_DEFAULT = 1_200_000;

    /** Of every prefix with a route of BGP or a site, or that a reader is to look at. */
    private final PrefixSlots slots = new PrefixSlots();

    private final LocalRoutes local = new LocalRoutes(prefix -> changed(slots.add(prefix)));
    private final BgpRoutes bgp = new BgpRoutes(slots);
    private final NavigableMap<Long, SiteRoutes> sites = new TreeMap<>(Long::compareUnsigned);
    private final SiteOwners owners = new SiteOwners(slots, this::changed);
    private final List<RouteChanges> readers = new ArrayList<>();
    private int limit = LIMIT_DEFAULT;
    private long refused;
    private boolean frozen;
    private long frozenAtMs;
    private long version;

    /** CONNECTED or STATIC; an earlier next hop of the same source and prefix is replaced. */
    public void addLocal(RouteSource source, Prefix prefix, NextHop nextHop) {
        local.add(source, prefix, nextHop);
    }

    /** Without effect when there is no such route. */
    public void removeLocal(RouteSource source, Prefix prefix) {
        local.remove(source, prefix);
    }

    /** All routes of one local source; those not named are gone. */
    public void replaceLocal(RouteSource source, Map<Prefix, NextHop> routes) {
        local.replace(source, routes);
    }

    /**
     * What BGP neighbours say of a prefix, in place of what they said before: the best path first,
     * then those that are as good, then those that are not used; none = nothing any more.
     *
     * @return what they said before
     */
    public List<BgpPath> replaceBgp(Prefix prefix, List<BgpPath> paths) {
        int slot = paths.isEmpty() ? slots.find(prefix) : slots.add(prefix);
        if (slot == PrefixSlots.NONE) {
            return List.of();
        }
        List<BgpPath> before = bgp.replace(slot, paths);
        if (!paths.equals(before)) {
            changed(slot);
        }
        return before;
    }

    /** Routes that one site may have; what is there already stays. */
    public void limit(int countMax) {
        if (countMax < 0) {
            throw new IllegalArgumentException("limit " + countMax);
        }
        limit = countMax;
    }

    /** How often a route of a site was refused since it had as many as it may. */
    public long refused() {
        return refused;
    }

    /**
     * All routes of one site, as the PoP states them; none = the site announces nothing. Of too
     * many, the first in order are taken.
     */
    public void replaceRemote(long siteId, long generation, Collection<Prefix> prefixes) {
        announce(site(siteId), limited(generation, PrefixSet.of(prefixes)));
    }

    private SiteState limited(long generation, PrefixSet prefixes) {
        PrefixSet kept = prefixes.first(limit);
        refused += prefixes.size() - kept.size();
        return new SiteState(generation, kept);
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
        PrefixSet before = site.announced().prefixes();
        PrefixSet after = before.with(PrefixSet.of(withdrawn), PrefixSet.of(announced));
        announce(site, limited(generation, after));
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
        change(site, () -> site.announce(state));
    }

    /** Something that may put other routes of the site in force. */
    private void change(SiteRoutes site, Runnable change) {
        PrefixSet before = site.inForce().prefixes();
        change.run();
        owners.shift(site.alone(), before, site.inForce().prefixes());
    }

    private void remove(SiteRoutes site) {
        owners.shift(site.alone(), site.inForce().prefixes(), PrefixSet.EMPTY);
        sites.remove(site.siteId());
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

    /**
     * What a frozen site itself says has changed of its routes, in place of what it said before.
     *
     * @return false when it is not frozen: nothing was changed
     */
    public boolean changeLive(long siteId, LiveChange told) {
        SiteRoutes site = sites.get(siteId);
        if (site == null || !site.isFrozen()) {
            return false;
        }
        change(site, () -> site.change(told));
        return true;
    }

    /** What of a site's own word is in force; none while it is not frozen. */
    public LiveChange live(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? LiveChange.NONE : site.live();
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
                : difference(site.inForce().prefixes(), () -> remove(site));
    }

    /** Swaps one site from its pinned to its latest routes; nothing when it is not frozen. */
    public RouteDifference thaw(long siteId) {
        SiteRoutes site = sites.get(siteId);
        if (site == null || !site.isFrozen()) {
            return RouteDifference.NONE;
        }
        return difference(site.waiting(), () -> change(site, site::thaw));
    }

    /** Thaws every site, and new sites are in force at once again. */
    public RouteDifference thawAll() {
        frozen = false;
        frozenAtMs = 0;
        Set<Prefix> touched = new HashSet<>();
        sites.values().stream()
                .filter(SiteRoutes::isFrozen)
                .forEach(s -> touched.addAll(s.waiting()));
        return difference(touched, () -> sites.values().forEach(site -> change(site, site::thaw)));
    }

    /** Forgets every site, frozen or not, and ends a freeze. */
    public RouteDifference withdrawRemote() {
        frozen = false;
        frozenAtMs = 0;
        Set<Prefix> touched = new HashSet<>();
        sites.values().forEach(site -> touched.addAll(site.inForce().prefixes()));
        return difference(touched, () -> List.copyOf(sites.values()).forEach(this::remove));
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
        return difference(
                touched,
                () -> stale.forEach(site -> change(site, () -> site.withdraw(generation))));
    }

    private RouteDifference difference(Collection<Prefix> touched, Runnable change) {
        Map<Prefix, Route> before = new HashMap<>();
        touched.forEach(prefix -> before.put(prefix, inUse(prefix)));
        change.run();
        return difference(touched, before::get, this::inUse);
    }

    /** How many prefixes {@link #thawAll} would look at. */
    public int waitingCount() {
        return sites.values().stream().mapToInt(site -> site.waiting().size()).sum();
    }

    /**
     * What {@link #thawAll} would do, and does not: for as many prefixes as said, the first in
     * order. Costs time in proportion to them and the sites.
     */
    public RouteDifference previewThaw(int prefixesMax) {
        Set<Prefix> touched = new TreeSet<>();
        sites.values().forEach(site -> touched.addAll(site.waiting()));
        List<Prefix> first = touched.stream().limit(prefixesMax).toList();
        return difference(first, this::inUse, this::thawed);
    }

    private Route thawed(Prefix prefix) {
        Route own = ownBest(prefix, slots.find(prefix));
        return own != null
                ? own
                : sites.values().stream()
                        .filter(site -> site.announced().prefixes().contains(prefix))
                        .findFirst()
                        .map(site -> site.thawedRoute(prefix))
                        .orElse(local.last(prefix));
    }

    /**
     * What became of the routes of one site, which was thawed then and has told news since. Costs
     * time in proportion to what differs and the sites.
     *
     * @param before that were in force
     */
    public RouteDifference differenceSince(long siteId, PrefixSet before) {
        SiteRoutes site = sites.get(siteId);
        if (site == null) {
            return RouteDifference.NONE;
        }
        PrefixSet now = site.inForce().prefixes();
        List<Prefix> touched = new ArrayList<>(now.without(before));
        touched.addAll(before.without(now));
        return difference(touched, prefix -> inUseWith(site, before, prefix), this::inUse);
    }

    /** The route that was in use when the site had those. */
    private Route inUseWith(SiteRoutes site, PrefixSet before, Prefix prefix) {
        Route own = ownBest(prefix, slots.find(prefix));
        if (own != null) {
            return own;
        }
        for (SiteRoutes each : sites.values()) {
            if (each == site && before.contains(prefix)) {
                return each.thawedRoute(prefix);
            }
            if (each != site && each.inForce().prefixes().contains(prefix)) {
                return each.route(prefix);
            }
        }
        return local.last(prefix);
    }

    private static RouteDifference difference(
            Collection<Prefix> touched,
            Function<Prefix, Route> before,
            Function<Prefix, Route> after) {
        List<Route> added = new ArrayList<>();
        List<Route> removed = new ArrayList<>();
        List<RouteDifference.Change> changed = new ArrayList<>();
        for (Prefix prefix : new TreeSet<>(touched)) {
            Route was = before.apply(prefix);
            Route is = after.apply(prefix);
            if (was == null && is != null) {
                added.add(is);
            } else if (was != null && is == null) {
                removed.add(was);
            } else if (was != null && !was.leavesLike(is)) {
                changed.add(new RouteDifference.Change(was, is));
            }
        }
        return new RouteDifference(added, removed, changed);
    }

    /** The route packets for exactly this prefix follow, or null. */
    public Route inUse(Prefix prefix) {
        return inUse(prefix, slots.find(prefix));
    }

    Route inUse(Prefix prefix, int slot) {
        Route own = ownBest(prefix, slot);
        long owner = own == null ? owners.first(slot) : 0;
        if (owner != 0) {
            return sites.get(owner).route(prefix);
        }
        return own == null ? local.last(prefix) : own;
    }

    /** The best that goes before what other sites announced. */
    private Route ownBest(Prefix prefix, int slot) {
        Route best = local.best(prefix);
        return best == null ? bgp.best(prefix, slot) : best;
    }

    /** The longest prefix with a route in use that contains this one, or is it; null: none. */
    public Prefix longestMatch(Prefix prefix) {
        for (int length = prefix.length(); length >= 0; length--) {
            Prefix covering = Prefix.containing(prefix.address(), length);
            if (inUse(covering) != null) {
                return covering;
            }
        }
        return null;
    }

    /** The next hops of the BGP route that is in use for this prefix. */
    NextHopSet nextHops(Prefix prefix) {
        return bgp.nextHops(prefix);
    }

    /** Every known route, also those that lost or wait: by prefix, the one in use first. */
    public List<Route> routes() {
        return page(RouteQuery.ALL).routes();
    }

    /** Some of {@link #routes}, and how many others there are. */
    public RoutePage page(RouteQuery query) {
        return RouteList.of(local, bgp, sites.values(), query);
    }

    /** For another reader of changes; all that is in use now is the first it hears of. */
    public RouteChanges newChanges() {
        RouteChanges changes = new RouteChanges(this);
        readers.add(changes);
        tellAll(changes);
        return changes;
    }

    /** All that is in use: local, BGP, sites; each once. */
    void tellAll(RouteChanges changes) {
        local.forEach(route -> tell(changes, route.prefix()));
        bgp.forEach(prefix -> tell(changes, prefix));
        owners.forEach(prefix -> tell(changes, prefix));
    }

    void tell(RouteChanges changes, Prefix prefix) {
        changes.add(slots.add(prefix));
    }

    private void changed(int slot) {
        version++;
        for (int i = 0; i < readers.size(); i++) {
            readers.get(i).add(slot);
        }
        forgetUnused(slot);
    }

    Prefix prefix(int slot) {
        return slots.prefix(slot);
    }

    void forgetUnused(int slot) {
        if (bgp.has(slot) || owners.has(slot)) {
            return;
        }
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).isWaiting(slot)) {
                return;
            }
        }
        slots.remove(slot);
    }

    /** Grows whenever the routes in use may have changed, so that a new {@link Fib} is due. */
    public long version() {
        return version;
    }

    /** Every site that was heard of. */
    Set<Long> siteIds() {
        return sites.keySet();
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

    /** Of the site's routes in force. */
    public PrefixSet prefixesInForce(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? PrefixSet.EMPTY : site.inForce().prefixes();
    }

    /** The same, but for what the site told live: what a PoP told of it. */
    public PrefixSet prefixesByCloud(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? PrefixSet.EMPTY : site.byCloud().prefixes();
    }

    /** Generation of the site's latest routes, in force or waiting; 0 = none. */
    public long latestGeneration(long siteId) {
        SiteRoutes site = sites.get(siteId);
        return site == null ? 0 : site.announced().generation();
    }
}
