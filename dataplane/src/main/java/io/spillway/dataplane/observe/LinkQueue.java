package io.spillway.dataplane.observe;

/**
 * What waits for a shaped link, and what became of what did; bytes as on the link.
 *
 * <p>Written by the owning agent only, read by any thread.
 */
public final class LinkQueue {
    private final Gauge length = new Gauge();
    private final Gauge delayUs = new Gauge();
    private final TrafficCounter sent = new TrafficCounter();
    private final TrafficCounter dropped = new TrafficCounter();
    private final TrafficCounter marked = new TrafficCounter();

    /** Bytes that wait. */
    public Gauge length() {
        return length;
    }

    /** How long the packet that left last had waited, microseconds. */
    public Gauge delayUs() {
        return delayUs;
    }

    public TrafficCounter sent() {
        return sent;
    }

    /** Because they waited too long, or too much did. */
    public TrafficCounter dropped() {
        return dropped;
    }

    /** Told their receiver of congestion (RFC 3168), instead of being dropped. */
    public TrafficCounter marked() {
        return marked;
    }
}
