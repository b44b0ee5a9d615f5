package io.spillway.node.site;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time a site goes by: its machine's clock where that can be right, else the last time known
 * and what has passed since. A box without a battery starts in 1970, and one with a broken clock in
 * any year; neither may make good certificates bad, nor bad ones good.
 *
 * <pre>
 *        last time known         + LEAD_MAX, once a PoP has spoken
 *              |                 or the last day of our own certificate
 *   -----------[=================]-----------> machine's clock
 *   not believed     believed      not believed
 * </pre>
 *
 * <p>The last time known is the newest of: the start of the site's own certificate, the time of its
 * saved state, the start of a peer's certificate, what its PoP said over the authenticated channel.
 * It is never lowered. A time past the last day on which our own certificate could count is
 * believed of nobody: a wrong one would be saved, and stay.
 *
 * <p>Any thread.
 */
final class SiteClock implements InstantSource, EpochClock {
    /** Where a time is from. */
    enum Source {
        CERTIFICATE,
        SAVED_STATE,
        PEER,
        POP
    }

    /** How far the machine's clock may be ahead of what a PoP said, and time since. */
    static final Duration LEAD_MAX = Duration.ofDays(1);

    /** Less is not worth a word: clocks that are set from different sources differ. */
    static final Duration DEVIATION_MIN = Duration.ofMinutes(1);

    private static final long NS_PER_MS = 1_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(SiteClock.class);

    private record Known(long ms, long atNs, Source source) {}

    private final EpochClock machine;
    private final NanoClock elapsed;
    private volatile Known known;
    private volatile long lastMs;
    private boolean isDeviating; // owned by control, as the next two
    private long foundDeviationMs;
    private long foundAtMs;

    /**
     * @param elapsed what passes while the machine runs
     * @param first the start of our own certificate
     * @param last the last time at which it could count
     */
    SiteClock(EpochClock machine, NanoClock elapsed, Instant first, Instant last) {
        this.machine = machine;
        this.elapsed = elapsed;
        known = new Known(first.toEpochMilli(), elapsed.nanoTime(), Source.CERTIFICATE);
        lastMs = last.toEpochMilli();
    }

    /** Milliseconds since 1970, UTC. */
    @Override
    public long time() {
        long machineMs = machine.time();
        Known from = known;
        long knownMs = now(from);
        long ceilingMs =
                from.source() == Source.POP
                        ? Math.min(lastMs, knownMs + LEAD_MAX.toMillis())
                        : lastMs;
        boolean isBelieved = machineMs >= knownMs && machineMs <= ceilingMs;
        return isBelieved ? machineMs : knownMs;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(time());
    }

    /** Our own certificate was renewed. */
    void onRenewed(Instant last) {
        lastMs = last.toEpochMilli();
    }

    /** The time at which the saved state was saved. */
    void onSaved(long savedMs) {
        if (!lift(savedMs, Source.SAVED_STATE)) {
            LOG.warn("the saved state's time is not believed: {}", Instant.ofEpochMilli(savedMs));
        }
    }

    /** What a PoP says, over the authenticated channel only. */
    void onPop(long popMs) {
        long beforeMs = time();
        if (!lift(popMs, Source.POP)) {
            LOG.warn("the PoP's time is not believed: {}", Instant.ofEpochMilli(popMs));
        }
        if (beforeMs - popMs > DEVIATION_MIN.toMillis()) {
            Duration lead = Duration.ofMillis(beforeMs - popMs);
            LOG.warn("this site's time is {} ahead of the PoP's", text(lead));
        }
    }

    /**
     * A peer's certificate, signed by our authority, starts then: it is not earlier. Says nothing
     * unless the machine's clock is behind and no PoP has told the time.
     *
     * @return whether it is what is known of the time from now on
     */
    boolean onPeer(Instant start) {
        Known from = known;
        boolean isBehind = now(from) - machine.time() >= DEVIATION_MIN.toMillis();
        return isBehind && from.source() != Source.POP && lift(start.toEpochMilli(), Source.PEER);
    }

    /** False when it cannot be; a time that is older than what is known is true and no news. */
    private synchronized boolean lift(long ms, Source source) {
        if (ms > lastMs) {
            return false;
        }
        if (ms >= now(known)) {
            known = new Known(ms, elapsed.nanoTime(), source);
        }
        return true;
    }

    private long now(Known from) {
        return from.ms() + (elapsed.nanoTime() - from.atNs()) / NS_PER_MS;
    }

    /** One line when the machine's clock is found wrong, and one when it is right again. */
    void check() {
        long timeMs = time();
        long deviationMs = machine.time() - timeMs;
        boolean isWrong = Math.abs(deviationMs) >= DEVIATION_MIN.toMillis();
        if (isWrong && !isDeviating) {
            foundDeviationMs = deviationMs;
            foundAtMs = timeMs;
            LOG.warn(
                    "the machine's clock is {} {}: it is not believed, time goes on from {} ({})",
                    text(Duration.ofMillis(deviationMs).abs()),
                    deviationMs < 0 ? "behind" : "ahead",
                    instant(),
                    known.source());
        } else if (!isWrong && isDeviating) {
            LOG.info("the machine's clock is believed again: {}", instant());
        }
        isDeviating = isWrong;
    }

    // ---- for status; control

    Instant machine() {
        return Instant.ofEpochMilli(machine.time());
    }

    /** What time goes on from while the machine's clock is not believed. */
    Source source() {
        return known.source();
    }

    boolean isDeviating() {
        return isDeviating;
    }

    /** When {@link #check} last found the machine's clock wrong; 0: never since the start. */
    long foundAtMs() {
        return foundAtMs;
    }

    /** By how much it was wrong then; negative: behind. */
    Duration foundDeviation() {
        return Duration.ofMillis(foundDeviationMs);
    }

    /** "20784 d 02:09:51". */
    static String text(Duration duration) {
        return "%d d %02d:%02d:%02d"
                .formatted(
                        duration.toDays(),
                        duration.toHoursPart(),
                        duration.toMinutesPart(),
                        duration.toSecondsPart());
    }
}
