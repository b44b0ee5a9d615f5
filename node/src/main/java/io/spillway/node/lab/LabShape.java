package io.spillway.node.lab;

import java.util.List;

/**
 * What a story needs of the lab's network.
 *
 * @param nats before each site in turn; sites beyond the list are on the open Internet
 * @param isShared the sites that the list names share one box
 * @param extraUplinks of every site, beside its first WAN
 * @param secondNat before every site's second WAN
 * @param pops nodes, in the order in which every site prefers them
 * @param hasRouters the first two sites have a {@link LanRouter} each
 * @param hasGuest the first site has a {@link LanGuest}
 * @param hasNames there are {@link NameServers}, and the first site's LAN has no addresses of its
 *     own
 * @param hasServer there is an {@link InternetServer}, and every site may reach it
 */
record LabShape(
        List<NatKind> nats,
        boolean isShared,
        List<LabUplink> extraUplinks,
        NatKind secondNat,
        List<LabPop> pops,
        boolean hasRouters,
        boolean hasGuest,
        boolean hasNames,
        boolean hasServer) {
    static final LabShape PLAIN = new LabShape(List.of(), false);
    static final LabShape WITH_ROUTERS =
            new LabShape(
                    List.of(),
                    false,
                    List.of(),
                    NatKind.NONE,
                    LabPop.ONE,
                    true,
                    false,
                    false,
                    false);
    static final LabShape WITH_GUEST =
            new LabShape(
                    List.of(),
                    false,
                    List.of(),
                    NatKind.NONE,
                    LabPop.ONE,
                    false,
                    true,
                    false,
                    false);
    static final LabShape WITH_NAMES =
            new LabShape(
                    List.of(),
                    false,
                    List.of(),
                    NatKind.NONE,
                    LabPop.ONE,
                    false,
                    false,
                    true,
                    false);
    static final LabShape WITH_SERVER =
            new LabShape(
                    List.of(),
                    false,
                    List.of(),
                    NatKind.NONE,
                    LabPop.ONE,
                    false,
                    false,
                    false,
                    true);
    static final LabShape WITH_SERVER_AND_GUEST =
            new LabShape(
                    List.of(),
                    false,
                    List.of(),
                    NatKind.NONE,
                    LabPop.ONE,
                    false,
                    true,
                    false,
                    true);

    static final LabShape TWO_NODES = with(LabPop.TWO_NODES);
    static final LabShape TWO_POPS = with(LabPop.TWO_POPS);

    /** Two WANs each: one on the open Internet, one behind a NAT of its own. */
    static final LabShape TWO_WANS = with(LabUplink.SECOND, NatKind.MASQUERADE);

    static final LabShape WITH_ALT_WAN = with(LabUplink.ALT_WAN, NatKind.NONE);

    LabShape {
        nats = List.copyOf(nats);
        extraUplinks = List.copyOf(extraUplinks);
        pops = List.copyOf(pops);
    }

    LabShape(List<NatKind> nats, boolean isShared) {
        this(nats, isShared, List.of(), NatKind.NONE, LabPop.ONE, false, false, false, false);
    }

    private static LabShape with(LabUplink extra, NatKind secondNat) {
        return new LabShape(
                List.of(),
                false,
                List.of(extra),
                secondNat,
                LabPop.ONE,
                false,
                false,
                false,
                false);
    }

    private static LabShape with(List<LabPop> pops) {
        return new LabShape(
                List.of(), false, List.of(), NatKind.NONE, pops, false, false, false, false);
    }

    NatKind nat(LabSite site) {
        return site.index() < nats.size() ? nats.get(site.index()) : NatKind.NONE;
    }

    boolean hasRouter(LabSite site) {
        return hasRouters && site.index() < 2;
    }

    boolean hasGuest(LabSite site) {
        return hasGuest && site.index() == 0;
    }

    boolean hasAltWan() {
        return extraUplinks.contains(LabUplink.ALT_WAN);
    }
}
