package io.spillway.node.tunnel;

import java.util.Set;

/**
 * What became of tunnels since this was asked last. Immutable.
 *
 * @param sites at the far ends of tunnels that came, went, or changed what they can carry; 0: a PoP
 * @param isAnyLost one that lived does not live any more
 */
public record TunnelChanges(Set<Long> sites, boolean isAnyLost) {
    static final TunnelChanges NONE = new TunnelChanges(Set.of(), false);

    public TunnelChanges {
        sites = Set.copyOf(sites);
    }

    public boolean isEmpty() {
        return sites.isEmpty();
    }
}
