package io.spillway.control.directory;

/**
 * Another site as this one sees it.
 *
 * @param index dense, given at first sight, kept for the process's life even if the site goes
 */
public record Peer(Site site, int index) {
    public long siteId() {
        return site.id();
    }
}
