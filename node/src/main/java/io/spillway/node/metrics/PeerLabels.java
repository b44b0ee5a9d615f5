package io.spillway.node.metrics;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sites as labels name them: by their names, with the ID behind where two have the same. Nothing
 * else would keep their figures apart.
 */
public final class PeerLabels {
    private final Map<Long, String> names;
    private final Set<String> shared = new HashSet<>();

    /**
     * @param names by site ID
     */
    public PeerLabels(Map<Long, String> names) {
        this.names = new HashMap<>(names);
        Collection<String> seen = new HashSet<>();
        names.values().stream().filter(name -> !seen.add(name)).forEach(shared::add);
    }

    /** The ID alone of a site without a name. */
    public String of(long siteId) {
        String name = names.getOrDefault(siteId, "");
        String id = Long.toUnsignedString(siteId);
        if (name.isEmpty()) {
            return id;
        }
        return shared.contains(name) ? name + " (" + id + ")" : name;
    }
}
