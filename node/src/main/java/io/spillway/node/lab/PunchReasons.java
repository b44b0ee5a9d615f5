package io.spillway.node.lab;

import java.util.List;

/** What can be in the way of a site that starts and seeks its peers. */
final class PunchReasons {
    private static final String REMOTE = "REMOTE";
    private static final String LOCAL = "LOCAL";
    private static final String[] BEFORE = {
        "NOT_CONNECTED_TO_POP", "NO_MAPPED_ADDRESS", "REMOTE_NOT_READY", "STALE_PROOF"
    };

    private final OutsideDeeds deeds;
    private final NodeProcess berlin;
    private final NodeProcess london;

    private PunchReasons(OutsideDeeds deeds) {
        this.deeds = deeds;
        berlin = deeds.berlin();
        london = deeds.london();
    }

    static List<ReasonCase> cases(OutsideDeeds deeds) {
        PunchReasons reasons = new PunchReasons(deeds);
        return List.of(
                reasons.handshakeSilent(),
                reasons.inboundBlocked(),
                reasons.answersBlocked(),
                reasons.prohibited(),
                reasons.withoutPop(),
                reasons.neverTold(),
                reasons.unmapped());
    }

    private String toBerlin() {
        return OutsideDeeds.from(deeds.address(london), deeds.address(berlin));
    }

    private String toLondon() {
        return OutsideDeeds.from(deeds.address(berlin), deeds.address(london));
    }

    private ReasonCase handshakeSilent() {
        return restarted(
                "HANDSHAKE_TIMEOUT",
                "records of handshakes dropped, a restart",
                () -> deeds.drop(toBerlin() + " @th,64,8 22"));
    }

    private ReasonCase inboundBlocked() {
        return restarted(
                "PROBE_SENT_NONE_RECEIVED",
                "all dropped on the way in, a restart",
                () -> deeds.drop(toLondon()));
    }

    private ReasonCase answersBlocked() {
        return restarted(
                "PROBE_RECEIVED_REPLY_LOST",
                "all dropped on the way out, a restart",
                () -> deeds.drop(toBerlin()));
    }

    /** A box that says so. */
    private ReasonCase prohibited() {
        return restarted(
                "FIREWALL_BLOCKS_PROBE",
                "rejected as prohibited on the way out, a restart",
                () -> deeds.cut(toBerlin() + " reject with icmp type admin-prohibited"));
    }

    /** Neither the PoP nor a site that could order both to punch is reached. */
    private ReasonCase withoutPop() {
        return ReasonCase.of(
                        "NOT_CONNECTED_TO_POP",
                        LOCAL,
                        london,
                        List.of(berlin, deeds.madrid()),
                        "all it sends dropped, a restart",
                        () -> {
                            deeds.drop("ip saddr " + deeds.address(london));
                            deeds.restart(london);
                        },
                        deeds::pass)
                .after("NO_MAPPED_ADDRESS");
    }

    /**
     * The channel is there, and nobody has ever seen where its tunnels could end. The PoP, which
     * has forgotten all sites, knows of no other until they are back.
     */
    private ReasonCase unmapped() {
        NodeProcess madrid = deeds.madrid();
        return ReasonCase.of(
                        "NO_MAPPED_ADDRESS",
                        LOCAL,
                        madrid,
                        List.of(berlin, london),
                        "a new site, its UDP to 443 and 1337 dropped",
                        () -> {
                            String from = "ip saddr " + deeds.address(madrid);
                            deeds.drop(from + " udp dport { 443, 1337 }");
                            deeds.restartAsNew(madrid);
                        },
                        deeds::pass)
                .after("NOT_CONNECTED_TO_POP", "REMOTE_NOT_READY", "NO_PEER");
    }

    /** It knows nobody, and there is nobody who could tell. */
    private ReasonCase neverTold() {
        return ReasonCase.of(
                "NOT_CONNECTED_TO_POP",
                "",
                london,
                List.of(),
                "all it sends dropped, a restart without memory",
                () -> {
                    deeds.drop("ip saddr " + deeds.address(london));
                    deeds.restartForgetful(london);
                },
                deeds::pass);
    }

    private ReasonCase restarted(String code, String cause, ReasonCase.Deed change) {
        return ReasonCase.of(
                        code,
                        REMOTE,
                        london,
                        List.of(berlin),
                        cause,
                        () -> {
                            change.run();
                            deeds.restart(london);
                        },
                        deeds::pass)
                .after(BEFORE);
    }
}
