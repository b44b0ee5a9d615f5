package io.spillway.node.lab;

import java.time.Duration;
import java.util.List;

/** What can be wrong with a site's certificate, and what another site says of it. */
final class IdentityReasons {
    private static final Duration LONG = Duration.ofDays(90);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private final OutsideDeeds deeds;
    private final NodeProcess london;

    private IdentityReasons(OutsideDeeds deeds) {
        this.deeds = deeds;
        london = deeds.london();
    }

    static List<ReasonCase> cases(OutsideDeeds deeds) {
        IdentityReasons reasons = new IdentityReasons(deeds);
        return List.of(reasons.stranger(), reasons.expired(), reasons.ahead());
    }

    private ReasonCase stranger() {
        return ofLondon(
                "HANDSHAKE_FAILED",
                "a certificate of another authority",
                () -> deeds.certifyByStranger(london, LONG));
    }

    /** It cannot renew, since it does not reach the PoP over TCP. */
    private ReasonCase expired() {
        return ofLondon(
                "CERT_EXPIRED",
                "a certificate that has ended, and no TCP to renew it",
                () -> {
                    deeds.drop("ip saddr " + deeds.address(london) + " tcp dport 443");
                    deeds.certify(london, Duration.ZERO, SHORT);
                    Thread.sleep(SHORT.toMillis());
                });
    }

    private ReasonCase ahead() {
        return ofLondon(
                "CLOCK_SKEW",
                "a certificate that begins in two days",
                () -> deeds.certify(london, TWO_DAYS, LONG));
    }

    private ReasonCase ofLondon(String code, String cause, ReasonCase.Deed change) {
        return ReasonCase.of(
                        code,
                        "REMOTE",
                        deeds.berlin(),
                        List.of(london),
                        cause,
                        () -> {
                            change.run();
                            deeds.restart(london);
                        },
                        () -> {
                            deeds.pass();
                            deeds.certify(london, Duration.ZERO, LONG);
                            deeds.restart(london);
                        })
                .after("STALE_PROOF", "REMOTE_NOT_READY");
    }
}
