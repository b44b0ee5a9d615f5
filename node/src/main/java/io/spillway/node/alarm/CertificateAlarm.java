package io.spillway.node.alarm;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.agrona.concurrent.EpochClock;

/** Our certificate ends soon: its renewal, which goes by itself, has not come. */
public final class CertificateAlarm implements Alarm {
    private static final long SOON_MS = Duration.ofDays(14).toMillis();
    private static final long VERY_SOON_MS = Duration.ofDays(2).toMillis();

    /** Parts of a certificate's life, for those that live shorter. */
    private static final int SOON_PART = 4;

    private static final int VERY_SOON_PART = 10;

    private static final int NONE = 0;
    private static final int SOON = 1;
    private static final int VERY_SOON = 2;
    private static final int OVER = 3;

    private final Supplier<X509Certificate> certificate;
    private final EpochClock wallClock;
    private int told = NONE;

    /**
     * @param certificate that is shown at the moment; any thread
     */
    public CertificateAlarm(Supplier<X509Certificate> certificate, EpochClock wallClock) {
        this.certificate = certificate;
        this.wallClock = wallClock;
    }

    @Override
    public List<EventDraft> look(long nowNs) {
        X509Certificate shown = certificate.get();
        int before = told;
        told = level(shown);
        return told > before ? List.of(draft(shown)) : List.of();
    }

    private int level(X509Certificate shown) {
        long endMs = shown.getNotAfter().getTime();
        long lifeMs = endMs - shown.getNotBefore().getTime();
        long leftMs = endMs - wallClock.time();
        if (leftMs <= 0) {
            return OVER;
        }
        if (leftMs < Math.min(VERY_SOON_MS, lifeMs / VERY_SOON_PART)) {
            return VERY_SOON;
        }
        return leftMs < Math.min(SOON_MS, lifeMs / SOON_PART) ? SOON : NONE;
    }

    private EventDraft draft(X509Certificate shown) {
        Instant end = shown.getNotAfter().toInstant();
        String message = told == OVER ? "Certificate has expired" : "Certificate expires at " + end;
        return new EventDraft(
                EventType.CERTIFICATE_EXPIRY, message, Map.of(EventField.EXPIRES, end.toString()));
    }
}
