package io.spillway.node.site;

import io.spillway.control.readiness.Cause;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.readiness.ReasonCode.Side;
import io.spillway.crypto.Refusal;
import java.util.List;

/** What the words of a failed handshake say of its cause. */
final class SetupFaults {
    private static final String TIMED_OUT = "TIMEOUT";
    private static final String ALERT_EXPIRED = "certificate_expired";

    /**
     * What comes of messages of two attempts that overlap, since they look alike until both ends
     * have keys: a fault of neither end, and gone with the next attempt. That a key fits its
     * certificate is known from the start.
     */
    private static final List<String> MIXED = List.of("decrypt_error", "unexpected_message");

    private SetupFaults() {}

    /**
     * @param failure of a handshake of ours, or with us
     * @return null: nothing was said that lasts, only silence
     */
    static Cause of(String failure, Credentials credentials) {
        boolean isSilence = failure.isEmpty() || failure.startsWith(TIMED_OUT);
        if (isSilence || MIXED.stream().anyMatch(failure::contains)) {
            return null;
        }
        if (failure.startsWith(Refusal.EXPIRED.name())) {
            return new Cause(ReasonCode.CERT_EXPIRED, Side.REMOTE);
        }
        if (failure.startsWith(Refusal.NOT_YET_VALID.name())) {
            boolean isOurs = credentials.isClockWrong();
            return new Cause(ReasonCode.CLOCK_SKEW, isOurs ? Side.LOCAL : Side.REMOTE);
        }
        if (failure.contains(ALERT_EXPIRED)) {
            return refusedAsExpired(credentials);
        }
        for (Refusal refusal : Refusal.values()) {
            if (failure.startsWith(refusal.name())) {
                return new Cause(ReasonCode.HANDSHAKE_FAILED, Side.REMOTE);
            }
        }
        return Cause.of(ReasonCode.HANDSHAKE_FAILED);
    }

    /** The alert says no more than that our certificate is not valid there at this time. */
    private static Cause refusedAsExpired(Credentials credentials) {
        if (credentials.isOwnExpired()) {
            return new Cause(ReasonCode.CERT_EXPIRED, Side.LOCAL);
        }
        boolean isOurs = credentials.isClockWrong();
        return new Cause(ReasonCode.CLOCK_SKEW, isOurs ? Side.LOCAL : Side.REMOTE);
    }
}
