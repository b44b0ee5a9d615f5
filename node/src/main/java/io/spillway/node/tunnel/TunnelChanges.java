package io.spillway.node.tunnel;

import java.util.List;
import java.util.Set;

/**
 * What became of tunnels since this was asked last. Immutable.
 *
 * @param sites at the far ends of tunnels that came, went, or changed what they can carry; 0: a PoP
 * @param died those that were found not to live any more
 * @param isAnyLost one died, or was ended while it lived
 */
public record TunnelChanges(Set<Long> sites, List<ManagedTunnel> died, boolean isAnyLost) {
    static final TunnelChanges NONE = new TunnelChanges(Set.of(), List.of(), false);

    public TunnelChanges {
        sites = Set.copyOf(sites);
        died = List.copyOf(died);
    }

    public boolean isEmpty() {
        return sites.isEmpty();
    }
}
