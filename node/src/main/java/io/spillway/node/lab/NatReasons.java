package io.spillway.node.lab;

import java.util.List;

/** NATs that leave no direct way, whether or not there is one by way of a third site. */
final class NatReasons {
    private final OutsideDeeds deeds;

    private NatReasons(OutsideDeeds deeds) {
        this.deeds = deeds;
    }

    /** Behind a masquerade, another one, and a static port. */
    static List<ReasonCase> cases(OutsideDeeds deeds) {
        NatReasons reasons = new NatReasons(deeds);
        return List.of(
                reasons.mappingChanges(deeds.berlin(), "LOCAL"),
                reasons.mappingChanges(deeds.london(), "REMOTE"),
                reasons.notForwarded(deeds.berlin(), "REMOTE"));
    }

    static List<ReasonCase> ofOneNat(OutsideDeeds deeds) {
        return List.of(new NatReasons(deeds).sameNat());
    }

    /** Berlin's router begins to give out another port for each destination. */
    private ReasonCase mappingChanges(NodeProcess observed, String side) {
        NodeProcess berlin = deeds.berlin();
        NodeProcess peer = observed == berlin ? deeds.london() : berlin;
        return ReasonCase.of(
                        "MAPPING_CHANGES_PER_DESTINATION",
                        side,
                        observed,
                        List.of(peer),
                        "a router starts again and maps at random",
                        () -> deeds.translate(berlin, NatKind.FULLY_RANDOM),
                        () -> deeds.translate(berlin, NatKind.MASQUERADE))
                .after("STALE_PROOF", "KEEPALIVE_LOST");
    }

    /** The router before Madrid has lost its rule. */
    private ReasonCase notForwarded(NodeProcess observed, String side) {
        NodeProcess madrid = deeds.madrid();
        return ReasonCase.of(
                        "STATIC_PORT_NOT_FORWARDED",
                        side,
                        observed,
                        List.of(madrid),
                        "the router has lost its rule, a restart",
                        () -> {
                            deeds.forgetForwarding(madrid);
                            deeds.restart(observed);
                        },
                        () -> deeds.forward(madrid))
                .after("STALE_PROOF", "REMOTE_NOT_READY", "NOT_CONNECTED_TO_POP");
    }

    /** The router that both are behind leads neither to the other any more. */
    private ReasonCase sameNat() {
        NodeProcess berlin = deeds.berlin();
        NodeProcess london = deeds.london();
        return ReasonCase.of(
                        "SAME_NAT",
                        "LOCAL",
                        london,
                        List.of(berlin),
                        "the common router lets nothing from one to the other",
                        () -> {
                            deeds.partInside(berlin);
                            deeds.restart(london);
                        },
                        () -> deeds.joinInside(berlin))
                .after("STALE_PROOF", "REMOTE_NOT_READY", "NOT_CONNECTED_TO_POP");
    }
}
