package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.dataplane.firewall.NamedSites;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of all sites, our own too, as the directory has them at a moment. Immutable.
 *
 * @param isTold a PoP has told of the sites, now or before the last start
 * @param names by site ID
 */
record KnownSites(boolean isTold, Map<Long, String> names) {
    static final KnownSites NONE = new KnownSites(false, Map.of());

    KnownSites {
        names = Map.copyOf(names);
    }

    static KnownSites of(PeerDirectory directory) {
        Map<Long, String> names = new HashMap<>();
        for (Peer peer : directory.peers()) {
            names.put(peer.siteId(), peer.site().name());
        }
        boolean isTold = directory.generation() != 0 || !names.isEmpty();
        names.put(directory.own().id(), directory.own().name());
        return new KnownSites(isTold, names);
    }

    /** Whether there is a site of that name, as far as is known. */
    boolean mayHave(String name) {
        return !isTold || names.containsValue(name);
    }

    /** Which sites those names stand for; each has its place in the list, from 1, as number. */
    NamedSites numbered(List<String> wanted) {
        Map<String, Integer> places = new HashMap<>();
        wanted.forEach(name -> places.put(name, places.size() + 1));
        Map<Long, Integer> numbers = new HashMap<>(names.size());
        names.forEach(
                (siteId, name) -> {
                    if (places.containsKey(name)) {
                        numbers.put(siteId, places.get(name));
                    }
                });
        return new NamedSites(numbers);
    }

    /** Those of the names that stand for no site. */
    List<String> missing(List<String> wanted) {
        Set<String> known = new HashSet<>(names.values());
        return wanted.stream().filter(name -> !known.contains(name)).toList();
    }
}
