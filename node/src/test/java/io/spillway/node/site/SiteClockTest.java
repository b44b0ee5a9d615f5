package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SiteClockTest {
    private static final Instant ISSUED = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2027-03-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant IN_1970 = Instant.EPOCH.plusSeconds(9);

    private Instant machine = NOW;
    private Duration uptime = Duration.ZERO;
    private final SiteClock clock =
            new SiteClock(() -> machine.toEpochMilli(), () -> uptime.toNanos(), ISSUED, LAST);

    @Test
    void shouldGoByTheMachinesClock() {
        clock.onSaved(NOW.minusSeconds(5).toEpochMilli());

        assertEquals(NOW, clock.instant());
        pass(Duration.ofHours(3));

        assertEquals(NOW.plus(Duration.ofHours(3)), clock.instant());
    }

    @Test
    void shouldStartAtItsCertificateWhereTheMachineIsIn1970() {
        machine = IN_1970;

        assertEquals(ISSUED, clock.instant());
    }

    @Test
    void shouldGoOnFromTheSavedTimeInMachineTime() {
        machine = IN_1970;
        clock.onSaved(NOW.toEpochMilli());

        pass(Duration.ofDays(2));

        assertEquals(NOW.plus(Duration.ofDays(2)), clock.instant());
    }

    @Test
    void shouldFollowTheMachinesClockOnceItIsPastTheFloor() {
        machine = IN_1970;
        clock.onSaved(NOW.toEpochMilli());
        clock.check();
        pass(Duration.ofMinutes(2));

        machine = NOW.plus(Duration.ofHours(5));
        clock.check();

        assertEquals(machine, clock.instant());
        assertFalse(clock.isDeviating());
    }

    @Test
    void shouldSayHowFarBehindTheMachineWasFound() {
        machine = IN_1970;
        clock.onSaved(NOW.toEpochMilli());

        clock.check();

        assertTrue(clock.isDeviating());
        assertEquals(NOW.toEpochMilli(), clock.foundAtMs());
        assertEquals(Duration.between(NOW, IN_1970), clock.foundDeviation());
        assertEquals("20787 d 23:59:51", SiteClock.text(clock.foundDeviation().abs()));
    }

    @Test
    void shouldBeLiftedByThePoP() {
        machine = IN_1970;
        clock.onSaved(NOW.toEpochMilli());

        clock.onPop(NOW.plus(Duration.ofDays(9)).toEpochMilli());

        assertEquals(NOW.plus(Duration.ofDays(9)), clock.instant());
        assertEquals(SiteClock.Source.POP, clock.source());
    }

    @Test
    void shouldAskNoPeerOnceAPoPHasSpoken() {
        machine = IN_1970;
        clock.onPop(NOW.toEpochMilli());

        assertFalse(clock.onPeer(NOW.plusSeconds(99)));

        assertEquals(NOW, clock.instant());
    }

    @Test
    void shouldNeverBeLowered() {
        machine = IN_1970;
        clock.onSaved(NOW.toEpochMilli());

        clock.onPop(ISSUED.plusSeconds(1).toEpochMilli());
        clock.onSaved(ISSUED.plusSeconds(1).toEpochMilli());

        assertEquals(NOW, clock.instant());
    }

    /** What is believed is saved: it must not keep a site in the year 2099 for good. */
    @Test
    void shouldBelieveNobodyWhoIsPastOurCertificate() {
        Instant later = Instant.parse("2099-01-01T00:00:00Z");
        clock.onSaved(NOW.minusSeconds(60).toEpochMilli());
        machine = later;

        clock.onSaved(later.toEpochMilli());
        clock.onPop(later.toEpochMilli());

        assertEquals(NOW.minusSeconds(60), clock.instant());
        machine = NOW;
        assertEquals(NOW, clock.instant());
    }

    @Test
    void shouldGoByThePoPWhereTheMachineIsFarAhead() {
        clock.onPop(NOW.toEpochMilli());

        machine = NOW.plus(SiteClock.LEAD_MAX);
        assertEquals(machine, clock.instant());
        machine = machine.plusMillis(1);

        assertEquals(NOW, clock.instant());
    }

    @Test
    void shouldBelieveLongerOnceTheCertificateIsRenewed() {
        machine = LAST.plus(Duration.ofDays(3));
        assertEquals(ISSUED, clock.instant());

        clock.onRenewed(LAST.plus(Duration.ofDays(90)));

        assertEquals(machine, clock.instant());
    }

    private void pass(Duration time) {
        uptime = uptime.plus(time);
        machine = machine.plus(time);
    }
}
