package io.spillway.node.lab;

import java.util.List;

/**
 * What a story needs of the lab's network.
 *
 * @param nats before each site in turn; sites beyond the list are on the open Internet
 * @param isShared the sites that the list names share one box
 * @param extraUplinks of every site, beside its first WAN
 * @param secondNat before every site's second WAN
 */
record LabShape(
        List<NatKind> nats, boolean isShared, List<LabUplink> extraUplinks, NatKind secondNat) {
    static final LabShape PLAIN = new LabShape(List.of(), false);

    /** Two WANs each: one on the open Internet, one behind a NAT of its own. */
    static final LabShape TWO_WANS =
            new LabShape(List.of(), false, List.of(LabUplink.SECOND), NatKind.MASQUERADE);

    static final LabShape WITH_ALT_WAN =
            new LabShape(List.of(), false, List.of(LabUplink.ALT_WAN), NatKind.NONE);

    LabShape {
        nats = List.copyOf(nats);
        extraUplinks = List.copyOf(extraUplinks);
    }

    LabShape(List<NatKind> nats, boolean isShared) {
        this(nats, isShared, List.of(), NatKind.NONE);
    }

    NatKind nat(LabSite site) {
        return site.index() < nats.size() ? nats.get(site.index()) : NatKind.NONE;
    }

    boolean hasAltWan() {
        return extraUplinks.contains(LabUplink.ALT_WAN);
    }
}
