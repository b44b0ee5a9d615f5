package io.spillway.node.lab;

import java.util.List;

/**
 * What a story needs of the lab's network.
 *
 * @param nats before each site in turn; sites beyond the list are on the open Internet
 * @param isShared the sites that the list names share one box
 * @param pops nodes, in the order in which every site prefers them
 */
record LabShape(List<NatKind> nats, boolean isShared, List<LabPop> pops) {
    static final LabShape PLAIN = new LabShape(List.of(), false);
    static final LabShape TWO_NODES = new LabShape(List.of(), false, LabPop.TWO_NODES);
    static final LabShape TWO_POPS = new LabShape(List.of(), false, LabPop.TWO_POPS);

    LabShape {
        nats = List.copyOf(nats);
        pops = List.copyOf(pops);
    }

    LabShape(List<NatKind> nats, boolean isShared) {
        this(nats, isShared, LabPop.ONE);
    }

    NatKind nat(LabSite site) {
        return site.index() < nats.size() ? nats.get(site.index()) : NatKind.NONE;
    }
}
