package io.spillway.routing.rib;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.NextHopSet;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The paths that BGP neighbours announce, by prefix. Owned by control, through {@link Rib}. */
final class BgpRoutes {
    private static final String STALE = "the session restarts, not confirmed since";

    /** What is known of a neighbour. */
    private static final class Peer {
        int routeCount;
        int round; // grows when everything so far became stale
    }

    /** One neighbour's path for a prefix; the others follow. */
    private static final class Entry {
        final Peer peer;
        BgpPath path;
        int round;
        Entry next;

        Entry(Peer peer, Entry next) {
            this.peer = peer;
            this.next = next;
        }

        boolean isStale() {
            return round != peer.round;
        }
    }

    private final Map<Prefix, Entry> entries = new HashMap<>();
    private final Map<IpAddress, Peer> peers = new HashMap<>();
    private final Consumer<Prefix> changed;

    /**
     * @param changed told of each prefix whose paths are others now
     */
    BgpRoutes(Consumer<Prefix> changed) {
        this.changed = changed;
    }

    /** False = the neighbour has {@code countMax} routes already, and this is not one of them. */
    boolean replace(Prefix prefix, BgpPath path, int countMax) {
        Peer peer = peers.computeIfAbsent(path.peer(), address -> new Peer());
        Entry first = entries.get(prefix);
        Entry entry = find(first, peer);
        if (entry == null) {
            if (peer.routeCount >= countMax) {
                return false;
            }
            peer.routeCount++;
            entry = new Entry(peer, first);
            entries.put(prefix, entry);
        }
        boolean isNew = !path.equals(entry.path);
        entry.path = path;
        entry.round = peer.round;
        if (isNew) {
            changed.accept(prefix);
        }
        return true;
    }

    private static Entry find(Entry first, Peer peer) {
        Entry entry = first;
        while (entry != null && entry.peer != peer) {
            entry = entry.next;
        }
        return entry;
    }

    void withdraw(IpAddress address, Prefix prefix) {
        Peer peer = peers.get(address);
        Entry first = entries.get(prefix);
        Entry entry = peer == null ? null : find(first, peer);
        if (entry == null) {
            return;
        }
        Entry left = without(first, entry);
        if (left == null) {
            entries.remove(prefix);
        } else {
            entries.put(prefix, left);
        }
        peer.routeCount--;
        changed.accept(prefix);
    }

    private static Entry without(Entry first, Entry gone) {
        if (first == gone) {
            return first.next;
        }
        Entry before = first;
        while (before.next != gone) {
            before = before.next;
        }
        before.next = gone.next;
        return first;
    }

    void markStale(IpAddress address) {
        Peer peer = peers.get(address);
        if (peer != null) {
            peer.round++;
        }
    }

    void withdrawStale(IpAddress address) {
        Peer peer = peers.get(address);
        if (peer != null && peer.routeCount > 0) {
            List<Prefix> stale = new ArrayList<>();
            entries.forEach(
                    (prefix, first) -> {
                        Entry entry = find(first, peer);
                        if (entry != null && entry.isStale()) {
                            stale.add(prefix);
                        }
                    });
            stale.forEach(prefix -> withdraw(address, prefix));
        }
    }

    void withdraw(IpAddress address) {
        markStale(address);
        withdrawStale(address);
        peers.remove(address);
    }

    int routeCount(IpAddress address) {
        Peer peer = peers.get(address);
        return peer == null ? 0 : peer.routeCount;
    }

    private static BestPath decide(Entry first) {
        List<BgpPath> paths = new ArrayList<>(2);
        for (Entry entry = first; entry != null; entry = entry.next) {
            paths.add(entry.path);
        }
        return new BestPath(paths);
    }

    /** The best path's route, or null. */
    Route best(Prefix prefix) {
        Entry first = entries.get(prefix);
        if (first == null) {
            return null;
        }
        BgpPath best = bestOf(first);
        return best == null ? null : route(prefix, best, first, "", true);
    }

    private static BgpPath bestOf(Entry first) {
        if (first.next == null) {
            return first.path.isReachable() ? first.path : null;
        }
        List<BgpPath> equal = decide(first).equal();
        return equal.isEmpty() ? null : equal.getFirst();
    }

    /** The next hops of all equally good paths; {@link #best} found one. */
    NextHopSet nextHops(Prefix prefix) {
        Entry first = entries.get(prefix);
        if (first.next == null) {
            return NextHopSet.of(first.path.nextHop());
        }
        List<NextHop> hops = new ArrayList<>();
        for (BgpPath path : decide(first).equal()) {
            if (!hops.contains(path.nextHop()) && hops.size() < NextHopSet.SIZE_MAX) {
                hops.add(path.nextHop());
            }
        }
        return NextHopSet.of(hops);
    }

    void forEach(Consumer<Prefix> consumer) {
        entries.keySet().forEach(consumer);
    }

    /** All paths, those in use first, then those that lost with what they lost by. */
    void forEachRoute(Consumer<Route> consumer) {
        entries.forEach((prefix, first) -> list(prefix, first, consumer));
    }

    private static void list(Prefix prefix, Entry first, Consumer<Route> consumer) {
        BestPath decision = decide(first);
        for (BgpPath path : decision.equal()) {
            String why = path == decision.equal().getFirst() ? "" : "equally good, used as well";
            consumer.accept(route(prefix, path, first, why, true));
        }
        for (int i = 0; i < decision.lost().size(); i++) {
            BestPath.Rule rule = decision.lostBy(i);
            BgpPath path = decision.lost().get(i);
            String why =
                    rule == BestPath.Rule.REACHABLE
                            ? rule.reason()
                            : "another path has " + rule.reason();
            consumer.accept(route(prefix, path, first, why, false));
        }
    }

    private static Route route(
            Prefix prefix, BgpPath path, Entry first, String why, boolean inUse) {
        Entry entry = first;
        while (entry.path != path) {
            entry = entry.next;
        }
        String staleWhy = why.isEmpty() ? STALE : why + "; " + STALE;
        boolean isStale = entry.isStale();
        RouteStatus status =
                new RouteStatus(inUse, false, false, isStale, isStale ? staleWhy : why);
        return new Route(prefix, RouteSource.BGP, path.nextHop(), 0, 0, status, path);
    }
}
