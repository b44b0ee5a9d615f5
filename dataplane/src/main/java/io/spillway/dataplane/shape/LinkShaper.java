package io.spillway.dataplane.shape;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.observe.LinkQueue;
import org.agrona.concurrent.NanoClock;

/**
 * Sends no more by a link than it carries, so that what must wait waits here, where flows take
 * turns, and not in a modem, where a voice packet waits behind a file.
 *
 * <pre>
 *   offer &gt; TrafficClass &gt; FairQueue [ FlowQueue x 256 &gt; CoDel &gt; new and old ones in turn ] &gt; Pace &gt; peek
 * </pre>
 *
 * <p>Owned by the agent that owns the link's tunnels.
 */
public final class LinkShaper {
    /** What may be sent at once after a pause: a thread that was late catches up. */
    private static final long BURST_NS = 4_000_000;

    /** What may be sent ahead of its time, so that an agent need not wake for every packet. */
    private static final long GRAIN_NS = 1_000_000;

    /** A super-frame that takes longer leaves in parts. */
    private static final long PIECE_NS = 2_000_000;

    /** What is remembered of what did not wait: no longer may that hold up all others. */
    private static final long DEBT_MAX_NS = 1_000_000_000;

    /** What a class that was silent may take at once of its share. */
    private static final long SHARE_BURST_NS = 20_000_000;

    /** Entries that one look for the longest queue may cost it. */
    private static final int DROPS_PER_LOOK_MAX = 16;

    private static final long NS_PER_S = 1_000_000_000L;
    private static final int NS_PER_US = 1000;

    private final FairQueue[] classes = new FairQueue[TrafficClass.values().length];
    private final LinkQueue state = new LinkQueue();
    private final int slotsMax;
    private final long key;
    private final Drops drops;
    private final NanoClock clock;
    private final Pace pace;
    private PacketBuffer next;

    /**
     * @param bitsPerSecond of IP packets on the link, at least 16
     * @param slotsMax packet slots that may wait
     * @param key unknown to others
     */
    public record Config(long bitsPerSecond, int slotsMax, long key) {}

    /**
     * @param pool for the parts of super-frames
     */
    public LinkShaper(Config config, PacketPool pool, Drops drops, NanoClock clock) {
        slotsMax = config.slotsMax();
        key = config.key();
        this.drops = drops;
        this.clock = clock;
        long nowNs = clock.nanoTime();
        long bits = config.bitsPerSecond();
        pace = new Pace(bits, BURST_NS, DEBT_MAX_NS, nowNs);
        int pieceLength = (int) Math.min(Integer.MAX_VALUE, bits / 8 * PIECE_NS / NS_PER_S);
        QueueFront front = new QueueFront(pieceLength, pool, drops, state);
        long packetNs = CoDel.MTU * 8L * NS_PER_S / bits;
        // Of the smallest share a single part takes 16 times as long; two are remembered.
        long shareDebtNs = 2 * TrafficClass.SHARES * Math.max(PIECE_NS, packetNs);
        for (TrafficClass each : TrafficClass.values()) {
            long shareBits = bits * each.share() / TrafficClass.SHARES;
            Pace share = new Pace(shareBits, SHARE_BURST_NS, shareDebtNs, nowNs);
            classes[each.ordinal()] =
                    new FairQueue(share, Math.max(CoDel.TARGET_NS, packetNs), front);
        }
    }

    /** What waits, and what became of it. Any thread. */
    public LinkQueue state() {
        return state;
    }

    /**
     * Takes the packet: an IP packet, or with {@code ipVersion} 0 other content of at least 16
     * bytes. If too much waits, the flow that has most loses some.
     *
     * @param wireOverhead bytes that each of its packets has on the link beside itself
     */
    public void offer(PacketBuffer packet, int wireOverhead) {
        packet.queuedNs = clock.nanoTime();
        packet.wireOverhead = wireOverhead;
        packet.slotsHeld = packet.countSlots();
        FairQueue to = classes[TrafficClass.of(packet).ordinal()];
        to.offer(packet, FlowHash.of(packet, key));
        while (slots() > slotsMax) {
            dropOfLongest();
        }
        state.length().set(length());
    }

    /** What does not wait was sent: so many bytes on the link. */
    public void spend(int wireLength) {
        pace.spend(wireLength, clock.nanoTime());
    }

    /** Who leaves next, paid for already; null: nothing waits, or not until later. */
    public PacketBuffer peek() {
        if (next == null && isDue()) {
            next = poll(clock.nanoTime());
        }
        return next;
    }

    /** The caller owns what {@link #peek} brought. */
    public void remove() {
        next = null;
    }

    /** Whether one may leave now. */
    public boolean isDue() {
        return next != null || length() > 0 && pace.freeNs() - clock.nanoTime() - GRAIN_NS < 0;
    }

    /** When one may leave, or the earlier {@code deadlineNs}. */
    public long soonest(long deadlineNs) {
        boolean isSooner = length() > 0 && pace.freeNs() - deadlineNs < 0;
        return isSooner ? pace.freeNs() : deadlineNs;
    }

    private PacketBuffer poll(long nowNs) {
        while (length() > 0) {
            FairQueue from = choose(nowNs);
            PacketBuffer packet = from.poll(nowNs);
            if (packet != null) {
                int wireLength = WireLength.of(packet);
                pace.spend(wireLength, nowNs);
                from.spend(wireLength, nowNs);
                tell(packet, wireLength, nowNs);
                return packet;
            }
        }
        return null;
    }

    private void tell(PacketBuffer packet, int wireLength, long nowNs) {
        state.length().set(length());
        state.delayUs().set((int) ((nowNs - packet.queuedNs) / NS_PER_US));
        state.sent().count(packet.packetCount(), wireLength);
    }

    /** The first that waits and has sent less than its share, else the first that waits. */
    private FairQueue choose(long nowNs) {
        FairQueue first = null;
        for (FairQueue each : classes) {
            if (each.isEmpty()) {
                continue;
            }
            if (each.isWithinShare(nowNs)) {
                return each;
            }
            first = first == null ? each : first;
        }
        return first;
    }

    /** At most half of it, so that one look is enough for several packets to come. */
    private void dropOfLongest() {
        FlowQueue longest = null;
        for (FairQueue each : classes) {
            longest = each.longest(longest);
        }
        int goal = longest.length() / 2;
        for (int i = 0; i < DROPS_PER_LOOK_MAX && longest.length() > goal; i++) {
            PacketBuffer dead = longest.removeFirst();
            state.dropped().count(dead.packetCount(), WireLength.of(dead));
            drops.drop(dead, DropReason.LINK_QUEUE_FULL);
        }
    }

    private int length() {
        int length = 0;
        for (FairQueue each : classes) {
            length += each.backlog().length();
        }
        return length;
    }

    private int slots() {
        int slots = 0;
        for (FairQueue each : classes) {
            slots += each.backlog().slots();
        }
        return slots;
    }
}
