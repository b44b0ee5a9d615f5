package io.spillway.control.directory;

import java.util.List;

/**
 * A site as one generation of the PoP's directory describes it. Immutable.
 *
 * @param id unsigned, never 0
 * @param attached has a living data tunnel to the PoP
 * @param recoveryEnabled the switch of R046, R047 as it results for this site
 * @param scope whether it may have tunnels to the site that was told of it
 */
public record Site(
        long id,
        String name,
        SiteType type,
        boolean attached,
        List<Link> links,
        boolean recoveryEnabled,
        PairScope scope) {
    public Site {
        if (id == 0) {
            throw new IllegalArgumentException("site ID 0");
        }
        links = List.copyOf(links);
    }

    /** May be the other end of a tunnel: recovery is on and there is an Appliance to talk to. */
    public boolean isRecoverable() {
        return recoveryEnabled && type.hasAppliance() && scope == PairScope.IN;
    }

    public List<Link> enabledLinks() {
        return links.stream().filter(Link::enabled).toList();
    }

    public Site withAttached(boolean nowAttached) {
        return new Site(id, name, type, nowAttached, links, recoveryEnabled, scope);
    }

    public Site withLinks(List<Link> nowLinks) {
        return new Site(id, name, type, attached, nowLinks, recoveryEnabled, scope);
    }

    Site with(boolean nowRecoveryEnabled, PairScope nowScope) {
        return new Site(id, name, type, attached, links, nowRecoveryEnabled, nowScope);
    }

    public String idText() {
        return Long.toUnsignedString(id);
    }
}
