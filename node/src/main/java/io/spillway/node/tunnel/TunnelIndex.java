package io.spillway.node.tunnel;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All tunnels of a node by their number, and by the path they take. Owned by control. */
final class TunnelIndex {
    private final Map<Integer, ManagedTunnel> byNumber = new TreeMap<>();
    private final Map<Path, List<ManagedTunnel>> byPath = new HashMap<>();

    /** Null where there is none (any more). */
    ManagedTunnel get(int number) {
        return byNumber.get(number);
    }

    /** Over that link to there; usually one. */
    List<ManagedTunnel> at(int link, InetSocketAddress remote) {
        return byPath.getOrDefault(new Path(link, remote), List.of());
    }

    Collection<ManagedTunnel> all() {
        return Collections.unmodifiableCollection(byNumber.values());
    }

    void add(ManagedTunnel managed) {
        byNumber.put(managed.tunnel().index(), managed);
        byPath.computeIfAbsent(pathOf(managed), _ -> new ArrayList<>(1)).add(managed);
    }

    void remove(ManagedTunnel managed) {
        byNumber.remove(managed.tunnel().index());
        Path path = pathOf(managed);
        List<ManagedTunnel> there = byPath.get(path);
        if (there != null && there.remove(managed) && there.isEmpty()) {
            byPath.remove(path);
        }
    }

    /** Its far end is elsewhere from now on. */
    void move(ManagedTunnel managed, InetSocketAddress remote) {
        remove(managed);
        managed.tunnel().remote(remote);
        add(managed);
    }

    private static Path pathOf(ManagedTunnel managed) {
        return new Path(managed.tunnel().link(), managed.tunnel().remote());
    }
}
