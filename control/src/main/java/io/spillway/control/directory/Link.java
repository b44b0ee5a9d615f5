package io.spillway.control.directory;

import java.net.InetSocketAddress;

/**
 * One WAN link of a site.
 *
 * @param index 0-based, the same in every generation of the directory
 * @param precedence 1 active, 2 passive, 3 last resort
 * @param enabled for direct tunnels; a link that is not forms none to peers
 */
public record Link(
        int index,
        String name,
        LinkRole role,
        int precedence,
        boolean enabled,
        LinkEndpoints endpoints) {
    public static final int LINKS_MAX = 4; // R116

    public Link {
        if (index < 0 || index >= LINKS_MAX) {
            throw new IllegalArgumentException("link index " + index);
        }
    }

    public Link with(LinkEndpoints nowEndpoints) {
        return new Link(index, name, role, precedence, enabled, nowEndpoints);
    }

    public boolean isAltWan() {
        return role == LinkRole.ALT_WAN;
    }

    /** Where peers reach it; null: nobody knows yet. */
    public InetSocketAddress reachedAt() {
        return isAltWan() ? endpoints.local() : endpoints.outside();
    }

    /** Peers call there without punching: it is static, or no NAT is on the way. */
    public boolean isCalledDirectly() {
        return isAltWan() || endpoints.fixed() != null;
    }
}
