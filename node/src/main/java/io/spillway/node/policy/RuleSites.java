package io.spillway.node.policy;

import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sites that rules name. A site says its name itself, its ID is in its certificate: so a name
 * stays with the one that had it when it was found, and a name of several is nobody's. Used by one
 * thread at a time.
 */
public final class RuleSites {
    /** A site of the directory. */
    public record Known(long id, String name) {}

    private static final Known SEVERAL = new Known(0, "");

    private final Map<String, Known> directory = new HashMap<>();
    private final Map<String, Party> found = new HashMap<>();
    private final Set<String> missing = new TreeSet<>();

    public RuleSites(Collection<Known> known) {
        learn(known);
    }

    /** The directory is now this. */
    public void learn(Collection<Known> known) {
        directory.clear();
        for (Known site : known) {
            directory.merge(site.name(), site, (one, other) -> SEVERAL);
        }
        known.forEach(site -> directory.put(Long.toUnsignedString(site.id()), site));
    }

    /** Null when the directory has no such site, or several. */
    public Party find(String name) {
        Party before = found.get(name);
        if (before != null) {
            return before;
        }
        Known site = directory.get(name);
        if (site == null || site == SEVERAL) {
            return null;
        }
        Party party = Party.ofSites(ValueSet.range(site.id(), site.id()));
        found.put(name, party);
        missing.remove(name);
        return party;
    }

    /** As {@link #find}; who is not found is nobody yet. */
    public Party findOrNobody(String name) {
        Party party = find(name);
        if (party == null) {
            missing.add(name);
        }
        return party == null ? Party.NOBODY : party;
    }

    /** Names that were asked for and not found. */
    public Set<String> missing() {
        return Set.copyOf(missing);
    }
}
