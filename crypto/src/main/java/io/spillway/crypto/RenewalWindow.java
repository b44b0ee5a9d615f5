package io.spillway.crypto;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * When to renew a certificate: in the last third of its life, from day 60 of 90. All times follow
 * from that life, so that a short one is renewed in time too.
 *
 * @param from the first moment
 * @param retryFirst the first wait after an attempt that failed; doubles up to {@code retryMax}
 */
public record RenewalWindow(Instant from, Duration retryFirst, Duration retryMax) {
    /**
     * How long after its end a certificate can still be renewed, and counts between sites while no
     * PoP is reachable.
     */
    public static final Duration GRACE = Duration.ofDays(30);

    // Ours: in the 30 days of a site's window there are at least 120 attempts.
    private static final int RETRY_FIRST_SHARE = 1000;
    private static final int RETRY_MAX_SHARE = 360;
    private static final Duration RETRY_MIN = Duration.ofSeconds(1);
    private static final Duration RETRY_FIRST_MAX = Duration.ofMinutes(10);

    public static RenewalWindow of(X509Certificate certificate) {
        Instant first = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(first, certificate.getNotAfter().toInstant());
        Duration retry = bounded(life.dividedBy(RETRY_FIRST_SHARE));
        Duration longest = life.dividedBy(RETRY_MAX_SHARE);
        return new RenewalWindow(
                first.plus(life.multipliedBy(2).dividedBy(3)),
                retry,
                longest.compareTo(retry) < 0 ? retry : longest);
    }

    public boolean isOpen(Instant now) {
        return !now.isBefore(from);
    }

    private static Duration bounded(Duration retry) {
        if (retry.compareTo(RETRY_MIN) < 0) {
            return RETRY_MIN;
        }
        return retry.compareTo(RETRY_FIRST_MAX) > 0 ? RETRY_FIRST_MAX : retry;
    }
}
