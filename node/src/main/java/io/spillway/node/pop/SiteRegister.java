package io.spillway.node.pop;

import io.spillway.control.directory.PeerDirectory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sites a PoP node knows, here or at other nodes, in unsigned order. Owned by control. */
final class SiteRegister {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRegister.class);

    /** A site and as many others as it can know. */
    static final int SITES_MAX = PeerDirectory.PEERS_MAX + 1;

    private final String ownName;
    private final Map<Long, AttachedSite> sites = new TreeMap<>(Long::compareUnsigned);

    /** Null where a site was forgotten, until another one takes the place. */
    private final List<AttachedSite> byIndex = new ArrayList<>();

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

    /** Made known if it was not; null where there are too many. */
    AttachedSite site(long siteId, String name) {
        if (isFull() && !sites.containsKey(siteId)) {
            LOG.error("site {} left out: {} are known", Long.toUnsignedString(siteId), SITES_MAX);
            return null;
        }
        return sites.computeIfAbsent(siteId, id -> add(id, name));
    }

    private AttachedSite add(long siteId, String name) {
        int vacant = byIndex.indexOf(null);
        int index = vacant < 0 ? byIndex.size() : vacant;
        AttachedSite site = new AttachedSite(siteId, index, name, ownName);
        if (vacant < 0) {
            byIndex.add(site);
        } else {
            byIndex.set(vacant, site);
        }
        return site;
    }

    /** Nothing of it is known any more; its index may be another's. */
    void forget(AttachedSite site) {
        sites.remove(site.id());
        byIndex.set(site.index(), null);
    }

    Collection<AttachedSite> all() {
        return sites.values();
    }

    boolean isFull() {
        return sites.size() >= SITES_MAX;
    }

    /** By their dense index; null where there is none. A view. */
    List<AttachedSite> byIndex() {
        return Collections.unmodifiableList(byIndex);
    }

    /** Dense; negative: unknown. */
    int indexOf(long siteId) {
        AttachedSite site = sites.get(siteId);
        return site == null ? -1 : site.index();
    }
}
