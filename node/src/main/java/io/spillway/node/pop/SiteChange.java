package io.spillway.node.pop;

import io.spillway.control.directory.Site;

/**
 * A site and how it was before something changed it.
 *
 * @param wasAttached anywhere
 */
record SiteChange(AttachedSite site, boolean wasAttached, Site was) {
    static SiteChange before(AttachedSite site) {
        return new SiteChange(site, site.isAttached(), site.asSite());
    }

    boolean isPresence() {
        return wasAttached != site.isAttached();
    }

    boolean isAny() {
        return isPresence() || !was.equals(site.asSite());
    }
}
