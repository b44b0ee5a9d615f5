package io.spillway.dataplane.flow;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import java.util.SplittableRandom;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Conversations seen lately: both directions share one entry, which remembers the tunnel that the
 * conversation last arrived by, so that an answer can take the way of the question; and for each
 * direction the tunnel it leaves by, so that it stays there.
 *
 * <p>Memory of fixed size outside the heap. A flow may be in either of two buckets of eight, so
 * that the table is full before buckets are; when both are, the new flow takes the place of one
 * among the sixteen: of the one silent longest, or of the one silent longest among those that
 * nobody has answered, so that a flood of such flows pushes out only its own. Where all sixteen
 * were answered and spoke lately, the new one gets a place in which nothing is found again: of its
 * next packet nothing is known. Nothing is scanned, nothing allocated. A flow that is found costs
 * two cache lines, in its second bucket three:
 *
 * <pre>
 *   bucket   | tag (2) of each | of each: last seen (31 bits), was answered (1 bit) |
 *   entry    | addresses (32) | ports (4) | protocol (4) |
 *            | arrival tunnel (4) | arrived (4) | departure tunnel (4) of each direction |
 *            | epoch (4) | first packet's direction (1 bit), went by the PoP (1), passed (1),
 *            | decision (29) |
 * </pre>
 *
 * <p>Times are in units of 2^20 ns, of which 31 bits last 26 days; they tell which of two flows was
 * silent longer, and how long ago something was, up to some weeks.
 *
 * <p>Owned by the lan agent.
 */
public final class FlowTable {
    private static final int WAYS = 8;
    private static final int LINE_LENGTH = 64;
    private static final int TAGS_LENGTH = 2 * WAYS;
    private static final int SEEN_OFFSET = TAGS_LENGTH;

    private static final int PORTS_OFFSET = 32;
    private static final int ARRIVAL_OFFSET = 40;
    private static final int ARRIVED_OFFSET = 44;
    private static final int DEPARTURE_OFFSET = 48;

    private static final int EPOCH_OFFSET = 56;
    private static final int DECISION_OFFSET = 60;
    private static final int REVERSED = 1 << 31;
    private static final int BY_POP = 1 << 30;
    private static final int PASSED = 1 << 29;

    /** The largest that {@link #decided} takes. */
    public static final int DECISION_MAX = PASSED - 1;

    /** Of a flow about which nothing was decided yet. */
    public static final int NO_EPOCH = 0;

    /** Below that the second bucket is looked at, too. */
    private static final int EMPTY_MIN = 4;

    /** Flows without an answer in both buckets, from which on another takes the place of one. */
    private static final int UNANSWERED_MAX = 4;

    /** An answered flow that spoke within the last half minute does not make room for another. */
    private static final int SPOKE_LATELY_MAX = tick(30_000_000_000L) << 1;

    private static final int ANSWERED = 1;
    private static final int TICK_SHIFT = 20;
    private static final int TAG_SHIFT = 48;

    private static final long EACH_TAG = 0x0001_0001_0001_0001L;
    private static final long EACH_TOP_BIT = 0x8000_8000_8000_8000L;
    private static final int TAGS_PER_LONG = 4;
    private static final int TAG_BITS_SHIFT = 4;

    private static final int CAPACITY_MAX = 1 << 24;

    /** A bucket is chosen by so many bits of the hash. */
    private static final int BUCKET_BITS = 24;

    private static final long BUCKET_MASK = (1L << BUCKET_BITS) - 1;

    /** More places than flows, so that hardly ever are both buckets of one full. */
    private static final int SPARE_SHARE = 2;

    private final int bucketCount;
    private final UnsafeBuffer buckets;
    private final UnsafeBuffer entries;
    private final long seed0;
    private final long seed1;
    private final long seed2;
    private final long seed3;
    private final long seed4;

    // of the tuple in hand: the smaller endpoint first
    private long smallerHigh;
    private long smallerLow;
    private long largerHigh;
    private long largerLow;
    private long ports; // and the protocol above them
    private boolean isReversed; // the larger endpoint is its source
    private int evictedCount;

    /**
     * @param capacity flows that it holds, up to 16 million
     * @param seed random, so that a remote host cannot choose colliding flows
     */
    public FlowTable(int capacity, int seed) {
        bucketCount = bucketCount(capacity);
        buckets = lines(bucketCount + 1);
        entries = lines((bucketCount + 1) * WAYS);
        SplittableRandom random = new SplittableRandom(seed);
        seed0 = random.nextLong();
        seed1 = random.nextLong();
        seed2 = random.nextLong();
        seed3 = random.nextLong();
        seed4 = random.nextLong();
    }

    private static int bucketCount(int capacity) {
        if (capacity < 1 || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        return Math.ceilDiv(capacity + capacity / SPARE_SHARE, WAYS);
    }

    private static UnsafeBuffer lines(int count) {
        int length = Math.multiplyExact(count, LINE_LENGTH);
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, LINE_LENGTH));
    }

    /** Index of the tuple's flow, made if it is new. */
    public int touch(FiveTuple tuple, long nowNs) {
        fillKey(tuple);
        long hash = keyedHash();
        int tag = tag(hash);
        int entry = find(bucket(hash), tag);
        if (entry == PacketBuffer.NONE) {
            entry = find(bucket(hash >>> BUCKET_BITS), tag);
        }
        if (entry == PacketBuffer.NONE) {
            entry = place(bucket(hash), bucket(hash >>> BUCKET_BITS), nowNs);
            replace(entry, tag);
        }
        int direction = entries.getInt(entry * LINE_LENGTH + DECISION_OFFSET) & REVERSED;
        int answered = isReversed == (direction != 0) ? 0 : ANSWERED;
        int seenAt = seenOffset(entry);
        buckets.putInt(seenAt, seenNow(nowNs) | buckets.getInt(seenAt) & ANSWERED | answered);
        return entry;
    }

    private static int seenNow(long nowNs) {
        return tick(nowNs) << 1;
    }

    /** Flows that had to make room for others: what {@link #touch} found before may be gone. */
    public int evictedCount() {
        return evictedCount;
    }

    private int bucket(long hash) {
        return (int) ((hash & BUCKET_MASK) * bucketCount >>> BUCKET_BITS);
    }

    /** Index of the tuple's flow, or {@link PacketBuffer#NONE}. */
    public int find(FiveTuple tuple) {
        fillKey(tuple);
        long hash = keyedHash();
        int tag = tag(hash);
        int entry = find(bucket(hash), tag);
        return entry == PacketBuffer.NONE ? find(bucket(hash >>> BUCKET_BITS), tag) : entry;
    }

    private static int tag(long hash) {
        return (int) (hash >>> TAG_SHIFT) | 1; // 0 is an empty place
    }

    /** Tags first, all eight at once; where one is equal, the whole key. */
    private int find(int bucket, int tag) {
        long wanted = tag * EACH_TAG;
        long equal = equalTags(bucket, 0, wanted) >>> 1 | equalTags(bucket, 1, wanted);
        while (equal != 0) {
            int bit = Long.numberOfTrailingZeros(equal);
            int way = (bit >>> TAG_BITS_SHIFT) + (bit & 1) * TAGS_PER_LONG;
            if (matches(bucket * WAYS + way)) {
                return bucket * WAYS + way;
            }
            equal &= equal - 1;
        }
        return PacketBuffer.NONE;
    }

    /** The top bit of each tag that is equal, and of few others, among the lower or upper four. */
    private long equalTags(int bucket, int half, long wanted) {
        long different = buckets.getLong(bucket * LINE_LENGTH + half * Long.BYTES) ^ wanted;
        return different - EACH_TAG & ~different & EACH_TOP_BIT;
    }

    /**
     * An empty place: in the first bucket, where it is found sooner, while that has some left; then
     * in the one that has more of them. Else another flow's.
     */
    private int place(int first, int second, long nowNs) {
        int firstCount = emptyCount(first);
        if (firstCount >= EMPTY_MIN) {
            return empty(first);
        }
        int secondCount = emptyCount(second);
        return (firstCount | secondCount) != 0
                ? empty(firstCount >= secondCount ? first : second)
                : evict(first, second, seenNow(nowNs));
    }

    private int emptyCount(int bucket) {
        return Long.bitCount(emptyTags(bucket, 0)) + Long.bitCount(emptyTags(bucket, 1));
    }

    /** There is one. */
    private int empty(int bucket) {
        long lower = emptyTags(bucket, 0);
        int half = lower == 0 ? 1 : 0;
        int way = Long.numberOfTrailingZeros(half == 0 ? lower : emptyTags(bucket, 1));
        return bucket * WAYS + half * TAGS_PER_LONG + (way >>> TAG_BITS_SHIFT);
    }

    /** The top bit of each tag that is 0, of the lower or the upper four. */
    private long emptyTags(int bucket, int half) {
        long tags = buckets.getLong(bucket * LINE_LENGTH + half * Long.BYTES);
        return ~((tags & ~EACH_TOP_BIT) + ~EACH_TOP_BIT | tags | ~EACH_TOP_BIT);
    }

    private int evict(int first, int second, int now) {
        evictedCount++;
        int unanswered = staler(stalest(first, 0), stalest(second, 0));
        int answered = staler(stalest(first, ANSWERED), stalest(second, ANSWERED));
        boolean isInUse = answered == PacketBuffer.NONE || now - seen(answered) < SPOKE_LATELY_MAX;
        if (unanswered == PacketBuffer.NONE) {
            return isInUse ? bucketCount * WAYS : answered;
        }
        boolean isFlood =
                unansweredCount(first) + unansweredCount(second) >= UNANSWERED_MAX || isInUse;
        return isFlood ? unanswered : staler(answered, unanswered);
    }

    /** Of its flows that were answered, or were not, the one silent longest; NONE: no such flow. */
    private int stalest(int bucket, int answered) {
        int stalest = PacketBuffer.NONE;
        for (int entry = bucket * WAYS; entry < (bucket + 1) * WAYS; entry++) {
            if ((seen(entry) & ANSWERED) == answered) {
                stalest = staler(stalest, entry);
            }
        }
        return stalest;
    }

    private int staler(int one, int other) {
        if (one == PacketBuffer.NONE || other == PacketBuffer.NONE) {
            return one == PacketBuffer.NONE ? other : one;
        }
        return seen(one) - seen(other) <= 0 ? one : other;
    }

    private int unansweredCount(int bucket) {
        int count = WAYS;
        for (int entry = bucket * WAYS; entry < (bucket + 1) * WAYS; entry++) {
            count -= seen(entry) & ANSWERED;
        }
        return count;
    }

    private int seen(int entry) {
        return buckets.getInt(seenOffset(entry));
    }

    private static int tagOffset(int entry) {
        return entry / WAYS * LINE_LENGTH + entry % WAYS * Short.BYTES;
    }

    private static int seenOffset(int entry) {
        return entry / WAYS * LINE_LENGTH + SEEN_OFFSET + entry % WAYS * Integer.BYTES;
    }

    private static int tick(long ns) {
        return (int) (ns >>> TICK_SHIFT);
    }

    /**
     * Takes over what another table knows of the tuple's flow.
     *
     * @return its index here, or {@link PacketBuffer#NONE}: it is not there
     */
    public int copy(FiveTuple tuple, FlowTable other) {
        int there = other.find(tuple);
        if (there == PacketBuffer.NONE) {
            return there;
        }
        int here = touch(tuple, 0);
        for (int i = 0; i < LINE_LENGTH; i += Long.BYTES) {
            entries.putLong(here * LINE_LENGTH + i, other.entries.getLong(there * LINE_LENGTH + i));
        }
        return here;
    }

    /** The flow came in by this tunnel just now. */
    public void arrived(int flow, int tunnel, long nowNs) {
        entries.putInt(flow * LINE_LENGTH + ARRIVAL_OFFSET, tunnel);
        entries.putInt(flow * LINE_LENGTH + ARRIVED_OFFSET, tick(nowNs));
    }

    /**
     * The tunnel by which the flow arrived within the last {@code windowNs}, a day at most, or
     * {@link PacketBuffer#NONE}.
     */
    public int arrivalTunnel(int flow, long nowNs, long windowNs) {
        int tunnel = entries.getInt(flow * LINE_LENGTH + ARRIVAL_OFFSET);
        int age = tick(nowNs) - entries.getInt(flow * LINE_LENGTH + ARRIVED_OFFSET);
        return tunnel != PacketBuffer.NONE && Integer.toUnsignedLong(age) < tick(windowNs)
                ? tunnel
                : PacketBuffer.NONE;
    }

    /** Packets of the flow in the direction of {@code tuple} leave by this tunnel from now on. */
    public void departed(int flow, FiveTuple tuple, int tunnel) {
        entries.putInt(departureOffset(flow, tuple), tunnel);
    }

    /** What {@link #departed} last said of that direction, or {@link PacketBuffer#NONE}. */
    public int departureTunnel(int flow, FiveTuple tuple) {
        return entries.getInt(departureOffset(flow, tuple));
    }

    /** Of what was {@link #decided} last, or {@link #NO_EPOCH}. */
    public int epoch(int flow) {
        return entries.getInt(flow * LINE_LENGTH + EPOCH_OFFSET);
    }

    /** What was {@link #decided} last; the epoch says whether it holds. */
    public int decision(int flow) {
        return entries.getInt(flow * LINE_LENGTH + DECISION_OFFSET) & DECISION_MAX;
    }

    /**
     * Something was decided about the flow.
     *
     * @param decision from 0 to {@link #DECISION_MAX}
     */
    public void decided(int flow, int epoch, int decision) {
        int at = flow * LINE_LENGTH;
        int others = entries.getInt(at + DECISION_OFFSET) & ~DECISION_MAX;
        entries.putInt(at + EPOCH_OFFSET, epoch);
        entries.putInt(at + DECISION_OFFSET, decision | others);
    }

    /** A packet of the flow went by the PoP, from where it comes back to us. */
    public void wentByPop(int flow) {
        int at = flow * LINE_LENGTH + DECISION_OFFSET;
        entries.putInt(at, entries.getInt(at) | BY_POP);
    }

    /** Whether any of its packets ever {@link #wentByPop}. */
    public boolean hasGoneByPop(int flow) {
        return (entries.getInt(flow * LINE_LENGTH + DECISION_OFFSET) & BY_POP) != 0;
    }

    /** A packet of the flow may pass, by what was decided about it. */
    public void passed(int flow) {
        int at = flow * LINE_LENGTH + DECISION_OFFSET;
        entries.putInt(at, entries.getInt(at) | PASSED);
    }

    /** Whether any of its packets ever {@link #passed} or {@link #wentByPop}. */
    public boolean hasPassed(int flow) {
        return (entries.getInt(flow * LINE_LENGTH + DECISION_OFFSET) & (BY_POP | PASSED)) != 0;
    }

    /** Whether it is a flow between these addresses, of whatever ports. */
    public boolean isBetween(int flow, FiveTuple tuple) {
        fillKey(tuple);
        int at = flow * LINE_LENGTH;
        return entries.getLong(at) == smallerHigh
                        && entries.getLong(at + 8) == smallerLow
                        && entries.getLong(at + 16) == largerHigh
                        && entries.getLong(at + 24) == largerLow
                || entries.getLong(at) == largerHigh
                        && entries.getLong(at + 8) == largerLow
                        && entries.getLong(at + 16) == smallerHigh
                        && entries.getLong(at + 24) == smallerLow;
    }

    /** Whether packets like this one come from who began the flow. */
    public boolean isFromBeginner(int flow, FiveTuple tuple) {
        int direction = entries.getInt(flow * LINE_LENGTH + DECISION_OFFSET) & REVERSED;
        return isReversed(tuple) == (direction != 0);
    }

    /** The other end began the flow: we have only seen its middle. */
    public void turn(int flow) {
        int at = flow * LINE_LENGTH + DECISION_OFFSET;
        entries.putInt(at, entries.getInt(at) ^ REVERSED);
    }

    private static int departureOffset(int flow, FiveTuple tuple) {
        int direction = isReversed(tuple) ? Integer.BYTES : 0;
        return flow * LINE_LENGTH + DEPARTURE_OFFSET + direction;
    }

    /** The seeds go in first: who does not know them cannot choose keys that share buckets. */
    private long keyedHash() {
        long smaller = folded(smallerHigh ^ seed0, smallerLow ^ seed1);
        long larger = folded(largerHigh ^ seed2, largerLow ^ seed3);
        return folded(smaller ^ ports ^ seed4, larger ^ seed0);
    }

    /** Both halves of the product. */
    private static long folded(long one, long other) {
        return one * other ^ Math.unsignedMultiplyHigh(one, other);
    }

    private void fillKey(FiveTuple tuple) {
        isReversed = isReversed(tuple);
        smallerHigh = isReversed ? tuple.destinationHigh : tuple.sourceHigh;
        smallerLow = isReversed ? tuple.destinationLow : tuple.sourceLow;
        largerHigh = isReversed ? tuple.sourceHigh : tuple.destinationHigh;
        largerLow = isReversed ? tuple.sourceLow : tuple.destinationLow;
        int smallerPort = isReversed ? tuple.destinationPort : tuple.sourcePort;
        int largerPort = isReversed ? tuple.sourcePort : tuple.destinationPort;
        int both = smallerPort << Short.SIZE | largerPort;
        ports = (long) tuple.protocol << Integer.SIZE | Integer.toUnsignedLong(both);
    }

    /** One order for both directions: the smaller endpoint first. */
    private static boolean isReversed(FiveTuple tuple) {
        int order = Long.compareUnsigned(tuple.sourceHigh, tuple.destinationHigh);
        if (order == 0) {
            order = Long.compareUnsigned(tuple.sourceLow, tuple.destinationLow);
        }
        return order == 0 ? tuple.sourcePort > tuple.destinationPort : order > 0;
    }

    private boolean matches(int entry) {
        int at = entry * LINE_LENGTH;
        long different =
                entries.getLong(at) ^ smallerHigh
                        | entries.getLong(at + 8) ^ smallerLow
                        | entries.getLong(at + 16) ^ largerHigh
                        | entries.getLong(at + 24) ^ largerLow
                        | entries.getLong(at + PORTS_OFFSET) ^ ports;
        return different == 0;
    }

    private void replace(int entry, int tag) {
        buckets.putShort(tagOffset(entry), (short) tag);
        buckets.putInt(seenOffset(entry), 0);
        int at = entry * LINE_LENGTH;
        entries.putLong(at, smallerHigh);
        entries.putLong(at + 8, smallerLow);
        entries.putLong(at + 16, largerHigh);
        entries.putLong(at + 24, largerLow);
        entries.putLong(at + PORTS_OFFSET, ports);
        entries.putInt(at + ARRIVAL_OFFSET, PacketBuffer.NONE);
        entries.putInt(at + DEPARTURE_OFFSET, PacketBuffer.NONE);
        entries.putInt(at + DEPARTURE_OFFSET + Integer.BYTES, PacketBuffer.NONE);
        entries.putInt(at + EPOCH_OFFSET, NO_EPOCH);
        entries.putInt(at + DECISION_OFFSET, isReversed ? REVERSED : 0);
    }
}
