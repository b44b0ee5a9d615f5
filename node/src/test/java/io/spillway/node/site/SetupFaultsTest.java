package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.control.readiness.Cause;
import io.spillway.control.readiness.ReasonCode;
import io.spillway.control.readiness.ReasonCode.Side;
import org.junit.jupiter.api.Test;

class SetupFaultsTest {
    @Test
    void shouldTellWhatTheFarEndSaid() {
        assertEquals(
                new Cause(ReasonCode.CERT_EXPIRED, Side.REMOTE), of("EXPIRED: since yesterday"));
        assertEquals(
                new Cause(ReasonCode.CLOCK_SKEW, Side.REMOTE), of("NOT_YET_VALID: from tomorrow"));
        assertEquals(
                new Cause(ReasonCode.HANDSHAKE_FAILED, Side.REMOTE),
                of("UNKNOWN_AUTHORITY: not signed by ours"));
        assertEquals(
                new Cause(ReasonCode.HANDSHAKE_FAILED, Side.EITHER),
                of("ALERT: /192.0.2.1:20060 refused with unknown_ca(48)"));
    }

    @Test
    void shouldTakeSilenceAndMixedAttemptsForNoAnswer() {
        assertNull(of(""));
        assertNull(of("TIMEOUT: no answer"));
        assertNull(of("PROTOCOL: /192.0.2.1:443: decrypt_error(51)"));
        assertNull(of("ALERT: /192.0.2.1:20060 refused with unexpected_message(10)"));
    }

    private static Cause of(String failure) {
        return SetupFaults.of(failure, Credentials.NONE);
    }
}
