package io.spillway.node.enrol;

import io.spillway.crypto.RenewalWindow;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When each certificate was last renewed: none is before its time, and none again and again, since
 * every renewal leaves a file at the authority. Thread safe.
 */
final class Renewals {
    private static final int REMEMBERED_MAX = 4096;

    private final InstantSource clock;
    private final Map<BigInteger, Instant> last = new LinkedHashMap<>();

    Renewals(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Counts as a renewal when it returns.
     *
     * @param isCurrent the authority that issues now has issued it; else any time is right
     * @throws EnrolException when it is too early, saying until when
     */
    synchronized void requireDue(X509Certificate certificate, boolean isCurrent)
            throws EnrolException {
        RenewalWindow window = RenewalWindow.of(certificate);
        Instant now = clock.instant();
        if (isCurrent && !window.isOpen(now)) {
            throw new EnrolException(
                    "its certificate is not to be renewed before " + window.from());
        }
        Instant before = last.remove(certificate.getSerialNumber());
        // Half of what the site waits: the clocks of the two tick apart.
        if (before != null && now.isBefore(before.plus(window.retryFirst().dividedBy(2)))) {
            last.put(certificate.getSerialNumber(), before);
            throw new EnrolException("its certificate was renewed a moment ago");
        }
        last.put(certificate.getSerialNumber(), now);
        if (last.size() > REMEMBERED_MAX) {
            last.remove(last.keySet().iterator().next());
        }
    }
}
