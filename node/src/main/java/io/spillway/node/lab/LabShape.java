package io.spillway.node.lab;

import java.util.List;

/**
 * What a story needs of the lab's network.
 *
 * @param nats before each site in turn; sites beyond the list are on the open Internet
 * @param isShared the sites that the list names share one box
 */
record LabShape(List<NatKind> nats, boolean isShared) {
    static final LabShape PLAIN = new LabShape(List.of(), false);

    LabShape {
        nats = List.copyOf(nats);
    }

    NatKind nat(LabSite site) {
        return site.index() < nats.size() ? nats.get(site.index()) : NatKind.NONE;
    }
}
