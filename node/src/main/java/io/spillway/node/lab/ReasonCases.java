package io.spillway.node.lab;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Causes of reason codes among three sites on the open Internet, and behind NATs. */
final class ReasonCases {
    private static final double WITHIN_MS = 2.0 * ReasonsStory.WINDOW_MS;

    /** Of what only three keep-alives in a row tell, every 15 s. */
    private static final double BY_KEEP_ALIVE_MS = 90_000;

    private static final Duration LONG = Duration.ofDays(90);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration TWO_DAYS = Duration.ofDays(2);
    private static final String STALE = "STALE_PROOF";
    private static final String KEEPALIVE = "KEEPALIVE_LOST";
    private static final String TIMEOUT = "HANDSHAKE_TIMEOUT";
    private static final String GONE = "REMOTE_NOT_READY";
    private static final String MAPPING = "MAPPING_CHANGES_PER_DESTINATION";
    private static final String UNCONNECTED = "NOT_CONNECTED_TO_POP";
    private static final String LOCAL = "LOCAL";
    private static final String REMOTE = "REMOTE";

    /** Larger than a keep-alive, smaller than any echo. */
    private static final int FILTER_LENGTH = 120;

    /** Larger than a small echo. */
    private static final int HOLE_LENGTH = 700;

    private final OutsideDeeds deeds;
    private final NodeProcess berlin;
    private final NodeProcess london;
    private final NodeProcess madrid;

    private ReasonCases(Stage stage) {
        deeds = new OutsideDeeds(stage);
        berlin = stage.sites().get(0);
        london = stage.sites().get(1);
        madrid = stage.sites().get(2);
    }

    static List<ReasonCase> ofLinks(Stage stage) {
        ReasonCases cases = new ReasonCases(stage);
        return List.of(
                cases.linkDown(),
                cases.noAddress(),
                cases.noInternet(),
                cases.largeVanish(),
                cases.filtered(),
                cases.staleProof(),
                cases.keepAliveLost());
    }

    static List<ReasonCase> ofPeers(Stage stage) {
        ReasonCases cases = new ReasonCases(stage);
        return List.of(
                cases.recoveryOff(),
                cases.region(),
                cases.linkOff(),
                cases.peerOff(),
                cases.sameNetwork(),
                cases.stranger(),
                cases.expired(),
                cases.ahead(),
                cases.handshakeSilent(),
                cases.inboundBlocked(),
                cases.answersBlocked(),
                cases.withoutPop(),
                cases.unmapped());
    }

    static List<ReasonCase> ofNats(Stage stage) {
        ReasonCases cases = new ReasonCases(stage);
        return List.of(cases.mappingChanges(), cases.notForwarded());
    }

    static List<ReasonCase> ofOneNat(Stage stage) {
        return List.of(new ReasonCases(stage).sameNat());
    }

    /** From the lab's beginning; what is behind it goes by way of a third site. */
    private ReasonCase mappingChanges() {
        return new ReasonCase(
                MAPPING,
                LOCAL,
                Set.of(TIMEOUT),
                berlin,
                List.of(london),
                WITHIN_MS,
                () -> {},
                () -> {});
    }

    /** The router before Madrid has lost its rule; Berlin comes anew. */
    private ReasonCase notForwarded() {
        return new ReasonCase(
                "STATIC_PORT_NOT_FORWARDED",
                REMOTE,
                Set.of(STALE, GONE, TIMEOUT, UNCONNECTED, MAPPING),
                berlin,
                List.of(madrid),
                WITHIN_MS,
                () -> {
                    deeds.forgetForwarding(madrid);
                    deeds.restart(berlin);
                },
                () -> deeds.forward(madrid));
    }

    /** The router that both are behind leads neither to the other any more. */
    private ReasonCase sameNat() {
        return new ReasonCase(
                "SAME_NAT",
                LOCAL,
                Set.of(STALE, GONE, TIMEOUT, UNCONNECTED),
                london,
                List.of(berlin),
                WITHIN_MS,
                () -> {
                    deeds.partInside(berlin);
                    deeds.restart(london);
                },
                () -> deeds.joinInside(berlin));
    }

    private ReasonCase linkDown() {
        return ofAll(
                "IF_LINK_DOWN",
                () -> deeds.network().in(berlin.name(), "ip link set wan0 down"),
                () -> deeds.plugIn(berlin));
    }

    private ReasonCase noAddress() {
        return ofAll(
                "IF_NO_ADDRESS",
                () -> deeds.network().in(berlin.name(), "ip address flush dev wan0"),
                () -> deeds.plugIn(berlin));
    }

    private ReasonCase noInternet() {
        return new ReasonCase(
                "IF_NO_INTERNET",
                LOCAL,
                Set.of(STALE, KEEPALIVE),
                berlin,
                List.of(london, madrid),
                BY_KEEP_ALIVE_MS,
                () -> {
                    deeds.drop("ip saddr " + deeds.address(berlin));
                    deeds.drop("ip daddr " + deeds.address(berlin));
                },
                deeds::pass);
    }

    private ReasonCase largeVanish() {
        return ofPair(
                "MTU_BLACKHOLE",
                Set.of(STALE),
                WITHIN_MS,
                () -> deeds.drop(deeds.from(berlin, london) + " meta length > " + HOLE_LENGTH));
    }

    private ReasonCase filtered() {
        return ofPair(
                "FIREWALL_BLOCKS_PROBE",
                Set.of(STALE),
                WITHIN_MS,
                () -> deeds.drop(deeds.from(london, berlin) + " udp length > " + FILTER_LENGTH));
    }

    private ReasonCase staleProof() {
        return ofPair(STALE, Set.of(), WITHIN_MS, this::cutPair);
    }

    private ReasonCase keepAliveLost() {
        return ofPair(KEEPALIVE, Set.of(STALE), BY_KEEP_ALIVE_MS, this::cutPair);
    }

    private void cutPair() throws IOException {
        deeds.drop(deeds.from(berlin, london));
        deeds.drop(deeds.from(london, berlin));
    }

    private ReasonCase recoveryOff() {
        return ofPolicy("RECOVERY_DISABLED_SITE", "EITHER", "recovery: disabled");
    }

    private ReasonCase region() {
        return ofPolicy("REGION_POLICY", "NEITHER", "region: china");
    }

    private ReasonCase ofPolicy(String code, String side, String ofMadrid) {
        return new ReasonCase(
                code,
                side,
                Set.of(),
                berlin,
                List.of(madrid),
                WITHIN_MS,
                () -> deeds.policy("{sites: [{id: 1003, " + ofMadrid + "}]}"),
                () -> deeds.policy("{}"));
    }

    private ReasonCase linkOff() {
        String on = "mtu: 1500}";
        String off = "mtu: 1500, offCloud: {enabled: false}}";
        return new ReasonCase(
                "OFFCLOUD_DISABLED_LINK",
                LOCAL,
                Set.of(),
                berlin,
                List.of(),
                WITHIN_MS,
                () -> reconfigure(berlin, on, off),
                () -> reconfigure(berlin, off, on));
    }

    private void reconfigure(NodeProcess site, String before, String after)
            throws IOException, InterruptedException {
        deeds.configure(site, before, after);
        deeds.restart(site);
    }

    private ReasonCase peerOff() {
        return new ReasonCase(
                GONE,
                REMOTE,
                Set.of(STALE),
                berlin,
                List.of(madrid),
                WITHIN_MS,
                madrid::terminate,
                madrid::start);
    }

    /** London's LAN is configured as Berlin's. */
    private ReasonCase sameNetwork() {
        return new ReasonCase(
                "ROUTE_MISSING",
                REMOTE,
                Set.of(STALE, GONE, TIMEOUT),
                berlin,
                List.of(london),
                WITHIN_MS,
                () -> {
                    deeds.configure(london, "fd00:2::1/64", "fd00:1::1/64");
                    reconfigure(london, "10.2.0.1/24", "10.1.0.1/24");
                },
                () -> {
                    deeds.configure(london, "fd00:1::1/64", "fd00:2::1/64");
                    reconfigure(london, "10.1.0.1/24", "10.2.0.1/24");
                });
    }

    private ReasonCase stranger() {
        return ofCertificate(
                "HANDSHAKE_FAILED",
                berlin,
                london,
                REMOTE,
                () -> deeds.certifyByStranger(london, LONG));
    }

    /** It cannot renew, since it does not reach the PoP over TCP. */
    private ReasonCase expired() {
        return ofCertificate(
                "CERT_EXPIRED",
                berlin,
                london,
                REMOTE,
                () -> {
                    deeds.drop("ip saddr " + deeds.address(london) + " tcp dport 443");
                    deeds.certify(london, Duration.ZERO, SHORT);
                    Thread.sleep(SHORT.toMillis());
                });
    }

    private ReasonCase ahead() {
        return ofCertificate(
                "CLOCK_SKEW", berlin, london, REMOTE, () -> deeds.certify(london, TWO_DAYS, LONG));
    }

    private ReasonCase ofCertificate(
            String code,
            NodeProcess observed,
            NodeProcess peer,
            String side,
            ReasonCase.Deed change) {
        return new ReasonCase(
                code,
                side,
                Set.of(STALE, GONE, TIMEOUT, KEEPALIVE),
                observed,
                List.of(peer),
                WITHIN_MS,
                () -> {
                    change.run();
                    deeds.restart(peer);
                },
                () -> {
                    deeds.pass();
                    deeds.certify(peer, Duration.ZERO, LONG);
                    deeds.restart(peer);
                });
    }

    /** Records of handshakes are dropped, all else passes. */
    private ReasonCase handshakeSilent() {
        return restarted(
                TIMEOUT,
                london,
                berlin,
                REMOTE,
                () -> deeds.drop(deeds.from(london, berlin) + " @th,64,8 22"));
    }

    private ReasonCase inboundBlocked() {
        return restarted(
                "PROBE_SENT_NONE_RECEIVED",
                london,
                berlin,
                REMOTE,
                () -> deeds.drop(deeds.from(berlin, london)));
    }

    private ReasonCase answersBlocked() {
        return restarted(
                "PROBE_RECEIVED_REPLY_LOST",
                london,
                berlin,
                REMOTE,
                () -> deeds.drop(deeds.from(london, berlin)));
    }

    /** Neither the PoP nor Berlin is reached. */
    private ReasonCase withoutPop() {
        return restarted(
                UNCONNECTED,
                london,
                berlin,
                LOCAL,
                () -> {
                    deeds.drop(
                            "ip saddr "
                                    + deeds.address(london)
                                    + " ip daddr "
                                    + LabSite.POP_ADDRESS);
                    deeds.drop(deeds.from(london, berlin));
                });
    }

    /** The channel to the PoP works, its UDP does not. */
    private ReasonCase unmapped() {
        return new ReasonCase(
                "NO_MAPPED_ADDRESS",
                LOCAL,
                Set.of(UNCONNECTED),
                london,
                List.of(berlin, madrid),
                WITHIN_MS,
                () -> {
                    deeds.drop("ip saddr " + deeds.address(london) + " udp dport { 443, 1337 }");
                    deeds.restartForgetful(london);
                },
                deeds::pass);
    }

    /** A site starts anew while something is in the way of one of its peers. */
    private ReasonCase restarted(
            String code,
            NodeProcess observed,
            NodeProcess peer,
            String side,
            ReasonCase.Deed change) {
        return new ReasonCase(
                code,
                side,
                Set.of(STALE, GONE, TIMEOUT, UNCONNECTED, "NO_MAPPED_ADDRESS"),
                observed,
                List.of(peer),
                WITHIN_MS,
                () -> {
                    change.run();
                    deeds.restart(observed);
                },
                deeds::pass);
    }

    private ReasonCase ofAll(String code, ReasonCase.Deed make, ReasonCase.Deed clear) {
        return new ReasonCase(
                code, LOCAL, Set.of(), berlin, List.of(london, madrid), WITHIN_MS, make, clear);
    }

    private ReasonCase ofPair(
            String code, Set<String> before, double limitMs, ReasonCase.Deed make) {
        return new ReasonCase(
                code, REMOTE, before, berlin, List.of(london), limitMs, make, deeds::pass);
    }
}
