package io.spillway.node.lab;

import java.util.List;

/** What one of a site's two links can lack, while the other is as ever. */
final class LinkReasons {
    private static final String LOCAL = "LOCAL";
    private static final String FIRST_LINE = "port: 20060, precedence: 1, mtu: 1500";
    private static final String SWITCHED_OFF = FIRST_LINE + ", offCloud: {enabled: false}";
    private static final String RECOVERY_LINE = "recovery: {";
    private static final String LIMITED = "offCloud: {maxLinks: 1}\n" + RECOVERY_LINE;

    private final OutsideDeeds deeds;
    private final NodeProcess berlin;

    private LinkReasons(OutsideDeeds deeds) {
        this.deeds = deeds;
        berlin = deeds.berlin();
    }

    static List<ReasonCase> cases(OutsideDeeds deeds) {
        LinkReasons reasons = new LinkReasons(deeds);
        return List.of(
                reasons.down(),
                reasons.withoutAddress(),
                reasons.withoutRoute(),
                reasons.silent(),
                reasons.switchedOff(),
                reasons.overLimit());
    }

    private ReasonCase down() {
        return ofAll(
                "IF_LINK_DOWN",
                "ip link set wan0 down",
                () -> deeds.in(berlin, "ip link set wan0 down"),
                () -> deeds.plugIn(berlin));
    }

    private ReasonCase withoutAddress() {
        return ofAll(
                "IF_NO_ADDRESS",
                "ip address flush dev wan0",
                () -> deeds.in(berlin, "ip address flush dev wan0"),
                () -> deeds.plugIn(berlin));
    }

    private ReasonCase withoutRoute() {
        return ofAll(
                        "IF_NO_INTERNET",
                        "ip route del default dev wan0",
                        () -> deeds.in(berlin, "ip route del default dev wan0"),
                        () -> deeds.plugIn(berlin))
                .after("KEEPALIVE_LOST");
    }

    private ReasonCase silent() {
        return ofAll(
                        "IF_NO_INTERNET",
                        "the provider drops all of the link, both ways",
                        () -> {
                            deeds.drop("ip saddr " + deeds.address(berlin));
                            deeds.drop("ip daddr " + deeds.address(berlin));
                        },
                        deeds::pass)
                .after("STALE_PROOF", "KEEPALIVE_LOST");
    }

    private ReasonCase switchedOff() {
        return reconfigured(
                "OFFCLOUD_DISABLED_LINK",
                "offCloud: {enabled: false} of the link",
                LabUplink.FIRST,
                FIRST_LINE,
                SWITCHED_OFF);
    }

    private ReasonCase overLimit() {
        return reconfigured(
                "OFFCLOUD_LINK_LIMIT",
                "offCloud: {maxLinks: 1} of the site",
                LabUplink.SECOND,
                RECOVERY_LINE,
                LIMITED);
    }

    private ReasonCase reconfigured(
            String code, String cause, LabUplink link, String before, String after) {
        return ReasonCase.of(
                        code,
                        "",
                        berlin,
                        List.of(),
                        cause,
                        () -> deeds.reconfigure(berlin, before, after),
                        () -> deeds.reconfigure(berlin, after, before))
                .over(link)
                .after("STALE_PROOF", "NOT_CONNECTED_TO_POP", "NO_MAPPED_ADDRESS");
    }

    private ReasonCase ofAll(
            String code, String cause, ReasonCase.Deed make, ReasonCase.Deed clear) {
        return ReasonCase.of(
                code, LOCAL, berlin, List.of(deeds.london(), deeds.madrid()), cause, make, clear);
    }
}
