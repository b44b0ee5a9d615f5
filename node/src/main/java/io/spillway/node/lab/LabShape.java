package io.spillway.node.lab;

import java.util.List;
import java.util.Set;

/**
 * What a story needs of the lab's network.
 *
 * @param nats before each site in turn; sites beyond the list are on the open Internet
 * @param isShared the sites that the list names share one box
 * @param extraUplinks of every site, beside its first WAN
 * @param secondNat before every site's second WAN
 * @param pops nodes, in the order in which every site prefers them
 * @param parts what there is beside sites and PoPs
 */
record LabShape(
        List<NatKind> nats,
        boolean isShared,
        List<LabUplink> extraUplinks,
        NatKind secondNat,
        List<LabPop> pops,
        Set<LabPart> parts) {
    static final LabShape PLAIN = new LabShape(List.of(), false);
    static final LabShape WITH_ROUTERS = with(LabPart.ROUTERS);
    static final LabShape WITH_GUEST = with(LabPart.GUEST);
    static final LabShape WITH_NAMES = with(LabPart.NAMES);
    static final LabShape WITH_SERVER = with(LabPart.SERVER);
    static final LabShape WITH_SERVER_AND_GUEST = with(LabPart.SERVER, LabPart.GUEST);
    static final LabShape WITH_RECEIVER = with(LabPart.RECEIVER);
    static final LabShape WITH_WAN_FIREWALL = with(LabPart.WAN_FIREWALL);

    static final LabShape TWO_NODES = with(LabPop.TWO_NODES);
    static final LabShape TWO_POPS = with(LabPop.TWO_POPS);

    /** Two WANs each: one on the open Internet, one behind a NAT of its own. */
    static final LabShape TWO_WANS = with(LabUplink.SECOND, NatKind.MASQUERADE);

    static final LabShape WITH_ALT_WAN = with(LabUplink.ALT_WAN, NatKind.NONE);

    LabShape {
        nats = List.copyOf(nats);
        extraUplinks = List.copyOf(extraUplinks);
        pops = List.copyOf(pops);
        parts = Set.copyOf(parts);
    }

    LabShape(List<NatKind> nats, boolean isShared) {
        this(nats, isShared, List.of(), NatKind.NONE, LabPop.ONE, Set.of());
    }

    private static LabShape with(LabPart... parts) {
        return new LabShape(List.of(), false, List.of(), NatKind.NONE, LabPop.ONE, Set.of(parts));
    }

    private static LabShape with(LabUplink extra, NatKind secondNat) {
        return new LabShape(List.of(), false, List.of(extra), secondNat, LabPop.ONE, Set.of());
    }

    private static LabShape with(List<LabPop> pops) {
        return new LabShape(List.of(), false, List.of(), NatKind.NONE, pops, Set.of());
    }

    NatKind nat(LabSite site) {
        return site.index() < nats.size() ? nats.get(site.index()) : NatKind.NONE;
    }

    boolean has(LabPart part) {
        return parts.contains(part);
    }

    boolean hasRouter(LabSite site) {
        return has(LabPart.ROUTERS) && site.index() < 2;
    }

    boolean hasGuest(LabSite site) {
        return has(LabPart.GUEST) && site.index() == 0;
    }

    boolean hasAltWan() {
        return extraUplinks.contains(LabUplink.ALT_WAN);
    }
}
