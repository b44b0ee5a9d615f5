package io.spillway.node.pop;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The sites a PoP node knows, here or at other nodes, in unsigned order. Owned by control. */
final class SiteRegister {
    /** As many as a directory may name. */
    static final int SITES_MAX = 4096;

    private final String ownName;
    private final Map<Long, AttachedSite> sites = new TreeMap<>(Long::compareUnsigned);

    /**
     * @param ownName of this node
     */
    SiteRegister(String ownName) {
        this.ownName = ownName;
    }

    /** Null if unknown. */
    AttachedSite find(long siteId) {
        return sites.get(siteId);
    }

    /** Made known if it was not. */
    AttachedSite site(long siteId, String name) {
        return sites.computeIfAbsent(
                siteId, id -> new AttachedSite(id, sites.size(), name, ownName));
    }

    Collection<AttachedSite> all() {
        return sites.values();
    }

    boolean isFull() {
        return sites.size() >= SITES_MAX;
    }

    /** Dense; negative: unknown. */
    int indexOf(long siteId) {
        AttachedSite site = sites.get(siteId);
        return site == null ? -1 : site.index();
    }
}
