package io.spillway.node.lab;

import java.util.List;

/** What an account, another site and its configuration can do to a pair of sites. */
final class PolicyReasons {
    private static final String ON = "mtu: 1500}";
    private static final String OFF = "mtu: 1500, offCloud: {enabled: false}}";
    private static final String REMOTE = "REMOTE";

    private final OutsideDeeds deeds;
    private final NodeProcess berlin;
    private final NodeProcess london;
    private final NodeProcess madrid;

    private PolicyReasons(OutsideDeeds deeds) {
        this.deeds = deeds;
        berlin = deeds.berlin();
        london = deeds.london();
        madrid = deeds.madrid();
    }

    static List<ReasonCase> cases(OutsideDeeds deeds) {
        PolicyReasons reasons = new PolicyReasons(deeds);
        return List.of(
                reasons.recoveryOff(),
                reasons.region(),
                reasons.otherSpoke(),
                reasons.linkOff(),
                reasons.peerOff(),
                reasons.sameNetwork());
    }

    private ReasonCase recoveryOff() {
        return ofPolicy(
                "RECOVERY_DISABLED_SITE",
                "REMOTE",
                "policy: recovery disabled at the other site",
                berlin,
                "{sites: [{id: 1003, recovery: disabled}]}");
    }

    private ReasonCase region() {
        return ofPolicy(
                "REGION_POLICY",
                "NEITHER",
                "policy: the other site in region china",
                berlin,
                "{sites: [{id: 1003, region: china}]}");
    }

    private ReasonCase otherSpoke() {
        return ofPolicy(
                "OTHER_SPOKE",
                "NEITHER",
                "policy: hub-and-spoke, both are spokes",
                london,
                "{topology: hub-and-spoke, hubs: [1001]}");
    }

    private ReasonCase ofPolicy(
            String code, String side, String cause, NodeProcess observed, String policy) {
        return ReasonCase.of(
                code,
                side,
                observed,
                List.of(madrid),
                cause,
                () -> deeds.policy(policy),
                () -> deeds.policy("{}"));
    }

    private ReasonCase linkOff() {
        return ReasonCase.of(
                        "OFFCLOUD_DISABLED_LINK",
                        REMOTE,
                        berlin,
                        List.of(london),
                        "offCloud: {enabled: false} of the other site's link",
                        () -> deeds.reconfigure(london, ON, OFF),
                        () -> deeds.reconfigure(london, OFF, ON))
                .after("STALE_PROOF", "REMOTE_NOT_READY");
    }

    private ReasonCase peerOff() {
        return ReasonCase.of(
                "REMOTE_NOT_READY",
                REMOTE,
                berlin,
                List.of(madrid),
                "the other site's appliance is switched off",
                madrid::terminate,
                madrid::start);
    }

    /** London's LAN is configured as Berlin's. */
    private ReasonCase sameNetwork() {
        return ReasonCase.of(
                        "ROUTE_MISSING",
                        REMOTE,
                        berlin,
                        List.of(london),
                        "the other site announces this site's networks only",
                        () -> {
                            deeds.configure(london, "fd00:2::1/64", "fd00:1::1/64");
                            deeds.reconfigure(london, "10.2.0.1/24", "10.1.0.1/24");
                        },
                        () -> {
                            deeds.configure(london, "fd00:1::1/64", "fd00:2::1/64");
                            deeds.reconfigure(london, "10.1.0.1/24", "10.2.0.1/24");
                        })
                .after("STALE_PROOF", "REMOTE_NOT_READY");
    }
}
