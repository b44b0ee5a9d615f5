package io.spillway.control.directory;

/**
 * One WAN link of a site.
 *
 * @param index 0-based, the same in every generation of the directory
 * @param precedence 1 active, 2 passive, 3 last resort
 * @param enabled for off-cloud transport; a link that is not forms no tunnels to peers
 */
public record Link(
        int index, String name, int precedence, boolean enabled, LinkEndpoints endpoints) {
    public static final int LINKS_MAX = 4; // R116

    public Link {
        if (index < 0 || index >= LINKS_MAX) {
            throw new IllegalArgumentException("link index " + index);
        }
    }

    public Link with(LinkEndpoints nowEndpoints) {
        return new Link(index, name, precedence, enabled, nowEndpoints);
    }
}
