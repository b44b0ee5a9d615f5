package io.spillway.routing.rib;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The rules of {@link Rib}, written as plainly as possible: flat lists, walked each time. */
final class RibModel {
    /** One announced or pinned prefix of a site, or one that it told live. */
    record Fact(long site, Prefix prefix, long generation, boolean isLive) {
        Fact(long site, Prefix prefix, long generation) {
            this(site, prefix, generation, false);
        }
    }

    /** What a frozen site told itself. */
    record Live(long generation, List<Prefix> gone, List<Prefix> come) {}

    /** One local route. */
    record LocalFact(RouteSource source, Prefix prefix, NextHop nextHop) {}

    final List<LocalFact> locals = new ArrayList<>();
    final List<Fact> latest = new ArrayList<>();
    final List<Fact> pinned = new ArrayList<>();
    final List<Long> known = new ArrayList<>();
    final List<Long> frozenSites = new ArrayList<>();
    final List<Long> staleSites = new ArrayList<>();
    final TreeMap<Long, Live> live = new TreeMap<>();
    final TreeMap<Long, Long> generations = new TreeMap<>();
    final TreeMap<Long, Long> pinnedGenerations = new TreeMap<>();
    boolean frozen;

    void addLocal(LocalFact fact) {
        removeLocal(fact.source, fact.prefix);
        locals.add(fact);
    }

    void removeLocal(RouteSource source, Prefix prefix) {
        locals.removeIf(l -> l.source == source && l.prefix.equals(prefix));
    }

    void replace(long site, long generation, List<Prefix> prefixes) {
        if (!known.contains(site)) {
            known.add(site);
            if (frozen) {
                frozenSites.add(site);
                pinnedGenerations.put(site, 0L);
            }
        }
        generations.put(site, generation);
        staleSites.remove(site);
        latest.removeIf(fact -> fact.site == site);
        prefixes.stream().distinct().forEach(p -> latest.add(new Fact(site, p, generation)));
    }

    boolean update(long site, long base, long generation, List<Prefix> gone, List<Prefix> come) {
        if (!known.contains(site) || generations.get(site) != base) {
            return false;
        }
        List<Prefix> prefixes = new ArrayList<>(prefixes(latest, site));
        prefixes.removeAll(gone);
        prefixes.addAll(come);
        replace(site, generation, prefixes);
        return true;
    }

    private static List<Prefix> prefixes(List<Fact> facts, long site) {
        return facts.stream().filter(f -> f.site == site).map(Fact::prefix).toList();
    }

    void freeze() {
        frozen = true;
        for (long site : known) {
            if (!frozenSites.contains(site)) {
                frozenSites.add(site);
                pinnedGenerations.put(site, generations.get(site));
                latest.stream().filter(fact -> fact.site == site).forEach(pinned::add);
            }
        }
    }

    boolean changeLive(long site, long generation, List<Prefix> gone, List<Prefix> come) {
        if (!frozenSites.contains(site)) {
            return false;
        }
        live.put(site, new Live(generation, gone, come));
        return true;
    }

    void thaw(long site) {
        frozenSites.remove(site);
        live.remove(site);
        pinned.removeIf(fact -> fact.site == site);
    }

    void thawAll() {
        frozen = false;
        frozenSites.clear();
        live.clear();
        pinned.clear();
    }

    void withdrawRemote() {
        thawAll();
        latest.clear();
        known.clear();
        staleSites.clear();
        generations.clear();
    }

    void markStale() {
        staleSites.clear();
        staleSites.addAll(known);
    }

    void withdrawStale(long generation) {
        latest.removeIf(fact -> staleSites.contains(fact.site));
        staleSites.forEach(site -> generations.put(site, generation));
    }

    long generationInForce(long site) {
        var all = frozenSites.contains(site) ? pinnedGenerations : generations;
        return all.getOrDefault(site, 0L);
    }

    List<Fact> inForce() {
        List<Fact> facts = new ArrayList<>(pinned);
        facts.removeAll(goneLive());
        live.forEach((site, told) -> facts.addAll(comeLive(site, told)));
        latest.stream().filter(fact -> !frozenSites.contains(fact.site)).forEach(facts::add);
        return facts;
    }

    private List<Fact> goneLive() {
        return pinned.stream()
                .filter(fact -> live.containsKey(fact.site))
                .filter(fact -> live.get(fact.site).gone.contains(fact.prefix))
                .toList();
    }

    private List<Fact> comeLive(long site, Live told) {
        return told.come.stream()
                .filter(prefix -> !prefixes(pinned, site).contains(prefix))
                .map(prefix -> new Fact(site, prefix, told.generation, true))
                .toList();
    }

    /** What a prefix leads to: a local fact, a fact, or null. */
    Record chosen(Prefix prefix) {
        for (RouteSource source : List.of(RouteSource.CONNECTED, RouteSource.STATIC)) {
            if (local(source, prefix) != null) {
                return local(source, prefix);
            }
        }
        Fact lowest = null;
        for (Fact fact : inForce()) {
            boolean isLower = lowest == null || Long.compareUnsigned(fact.site, lowest.site) < 0;
            lowest = fact.prefix.equals(prefix) && isLower ? fact : lowest;
        }
        return lowest == null ? local(RouteSource.POP, prefix) : lowest;
    }

    private LocalFact local(RouteSource source, Prefix prefix) {
        return locals.stream()
                .filter(fact -> fact.source == source && fact.prefix.equals(prefix))
                .findFirst()
                .orElse(null);
    }

    /** Every line of the list as text, in any order. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (LocalFact fact : locals) {
            boolean isChosen = fact.equals(chosen(fact.prefix));
            lines.add(line(fact.prefix, fact.source, 0, 0, isChosen, false, false, false, false));
        }
        for (Fact f : inForce()) {
            boolean isFrozen = frozenSites.contains(f.site);
            boolean waits = isFrozen && !isLatest(f);
            boolean isStale = !isFrozen && staleSites.contains(f.site);
            boolean isChosen = Objects.equals(f, chosen(f.prefix));
            lines.add(
                    line(
                            f.prefix,
                            RouteSource.CLOUD,
                            f.site,
                            f.generation,
                            isChosen,
                            isFrozen && !f.isLive,
                            waits,
                            isStale,
                            f.isLive));
        }
        for (Fact f : goneLive()) {
            boolean waits = isLatest(f);
            lines.add(
                    line(
                            f.prefix,
                            RouteSource.CLOUD,
                            f.site,
                            f.generation,
                            false,
                            true,
                            waits,
                            false,
                            true));
        }
        for (Fact f : latest) {
            Predicate<Fact> same = l -> l.site == f.site && l.prefix.equals(f.prefix);
            boolean isShown =
                    inForce().stream().anyMatch(same) || goneLive().stream().anyMatch(same);
            if (!isShown) {
                lines.add(
                        line(
                                f.prefix,
                                RouteSource.CLOUD,
                                f.site,
                                f.generation,
                                false,
                                false,
                                true,
                                false,
                                false));
            }
        }
        return lines;
    }

    private boolean isLatest(Fact f) {
        return latest.stream().anyMatch(l -> l.site == f.site && l.prefix.equals(f.prefix));
    }

    static String line(Route route) {
        RouteStatus s = route.status();
        return line(
                route.prefix(),
                route.source(),
                route.siteId(),
                route.generation(),
                s.inUse(),
                s.frozen(),
                s.waiting(),
                s.stale(),
                s.live());
    }

    private static String line(Object... fields) {
        return Arrays.toString(fields);
    }
}
