package io.spillway.dataplane.flow;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;

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
 * <p>A host of the LAN may begin so many flows within half a minute; the next is {@link #REFUSED}.
 * What is known already costs nothing more by it.
 *
 * <p>Times are in units of 2^20 ns, of which 31 bits last 26 days; they tell which of two flows was
 * silent longer, and how long ago something was, up to some weeks.
 *
 * <p>Owned by the lan agent.
 */
public final class FlowTable {
    private static final int WAY_BITS = 3;
    private static final int WAYS = 1 << WAY_BITS;
    private static final int TAGS_LENGTH = 2 * WAYS;
    private static final int SEEN_OFFSET = TAGS_LENGTH;

    private static final int ARRIVAL_OFFSET = 40;
    private static final int ARRIVED_OFFSET = 44;
    private static final int DEPARTURE_OFFSET = 48;

    private static final int EPOCH_OFFSET = 56;
    private static final int DECISION_OFFSET = 60;
    static final int REVERSED = 1 << 31;
    private static final int BY_POP = 1 << 30;
    private static final int PASSED = 1 << 29;

    /** The largest that {@link #decided} takes. */
    public static final int DECISION_MAX = PASSED - 1;

    /** Packets that one {@link #look} is for, a power of two. */
    public static final int LOOK_MAX = 64;

    /** The key of a packet that is looked for alone. */
    private static final int SINGLE = LOOK_MAX;

    /** Its sender has begun as many flows as it may: there is none for the packet. */
    public static final int REFUSED = PacketBuffer.NONE - 1;

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
    private final FlowLines buckets;
    private final FlowLines entries;
    private final FlowKeys keys;
    private final HostFlows hosts;
    private int evictedCount;
    private int evictedBefore; // the last look

    /** Where a host may begin any number of flows. */
    public FlowTable(int capacity, int seed) {
        this(capacity, 0, seed);
    }

    /**
     * @param capacity flows that it holds, up to 16 million
     * @param perHost flows that a host of the LAN may begin within half a minute; 0: any number
     * @param seed random, so that a remote host cannot choose colliding flows
     */
    public FlowTable(int capacity, int perHost, int seed) {
        bucketCount = bucketCount(capacity);
        buckets = new FlowLines(bucketCount + 1);
        entries = new FlowLines((bucketCount + 1) * WAYS);
        keys = new FlowKeys(LOOK_MAX + 1, seed);
        hosts = new HostFlows(perHost, seed);
    }

    private static int bucketCount(int capacity) {
        if (capacity < 1 || capacity > CAPACITY_MAX) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        return Math.ceilDiv(capacity + capacity / SPARE_SHARE, WAYS);
    }

    /**
     * Looks for the flows of some packets: of one step after the other for all of them, so that
     * memory answers several at once. {@link #touch(int, long)} takes what was found.
     *
     * @param first of the packets, of which there are {@link #LOOK_MAX} or fewer behind it
     */
    public void look(PacketBatch batch, int first) {
        int count = Math.min(LOOK_MAX, batch.size() - first);
        for (int i = 0; i < count; i++) {
            keys.fill(i, batch.get(first + i).tuple);
            keys.found(i, likely(keys.hash(i)));
        }
        for (int i = 0; i < count; i++) {
            int entry = keys.found(i);
            keys.found(i, keys.isOf(i, entries.address(entry)) ? entry : PacketBuffer.NONE);
        }
        evictedBefore = evictedCount;
    }

    /** The first in its first bucket whose tag is equal, else any. */
    private int likely(long hash) {
        int bucket = bucket(hash);
        return bucket * WAYS + way(equalTags(bucket, tag(hash)));
    }

    /**
     * Index of the flow of a packet that was {@link #look}ed for, made if it is new; or {@link
     * #REFUSED}.
     *
     * @param index of the packet behind the first
     */
    public int touch(int index, PacketBuffer packet, long nowNs) {
        boolean holds = evictedCount == evictedBefore;
        int found = holds ? keys.found(index) : PacketBuffer.NONE;
        return found == PacketBuffer.NONE
                ? touchOther(index, packet, nowNs)
                : touchFound(found, index, nowNs);
    }

    /** It was not where it was likely, or is not there. */
    private int touchOther(int index, PacketBuffer packet, long nowNs) {
        int known = find(index);
        boolean isRefused =
                known == PacketBuffer.NONE
                        && packet.ingressInterface != PacketBuffer.NONE
                        && !hosts.mayBegin(packet.tuple, nowNs);
        return isRefused ? REFUSED : touchOrMake(known, index, nowNs);
    }

    private int touchOrMake(int known, int index, long nowNs) {
        return touchFound(known == PacketBuffer.NONE ? make(index, nowNs) : known, index, nowNs);
    }

    private int make(int index, long nowNs) {
        long hash = keys.hash(index);
        int entry = place(bucket(hash), bucket(hash >>> BUCKET_BITS), nowNs);
        replace(entry, index);
        return entry;
    }

    private int touchFound(int entry, int index, long nowNs) {
        int direction = entries.getInt(entry, DECISION_OFFSET) & REVERSED;
        int answered = keys.direction(index) == direction ? 0 : ANSWERED;
        int seenAt = seenOffset(entry);
        int before = buckets.getInt(entry >>> WAY_BITS, seenAt);
        buckets.putInt(entry >>> WAY_BITS, seenAt, seenNow(nowNs) | before & ANSWERED | answered);
        return entry;
    }

    /** Index of the tuple's flow, made if it is new, whoever begins it. */
    public int touch(FiveTuple tuple, long nowNs) {
        keys.fill(SINGLE, tuple);
        return touchOrMake(find(SINGLE), SINGLE, nowNs);
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
        keys.fill(SINGLE, tuple);
        return find(SINGLE);
    }

    private int find(int index) {
        long hash = keys.hash(index);
        int entry = find(bucket(hash), index);
        return entry == PacketBuffer.NONE ? find(bucket(hash >>> BUCKET_BITS), index) : entry;
    }

    private static int tag(long hash) {
        return (int) (hash >>> TAG_SHIFT) | 1; // 0 is an empty place
    }

    /** Tags first, all eight at once; where one is equal, the whole key. */
    private int find(int bucket, int index) {
        long equal = equalTags(bucket, tag(keys.hash(index)));
        while (equal != 0) {
            int entry = bucket * WAYS + way(equal);
            if (keys.isOf(index, entries.address(entry))) {
                return entry;
            }
            equal &= equal - 1;
        }
        return PacketBuffer.NONE;
    }

    /** A bit for each tag that is equal, and for few others; {@link #way} tells whose. */
    private long equalTags(int bucket, int tag) {
        long wanted = tag * EACH_TAG;
        return equalTags(bucket, 0, wanted) >>> 1 | equalTags(bucket, 1, wanted);
    }

    private long equalTags(int bucket, int half, long wanted) {
        long different = buckets.getLong(bucket, half * Long.BYTES) ^ wanted;
        return different - EACH_TAG & ~different & EACH_TOP_BIT;
    }

    /** Of the lowest bit; 0 of none. */
    private static int way(long equalTags) {
        int bit = Long.numberOfTrailingZeros(equalTags) & Long.SIZE - 1;
        return (bit >>> TAG_BITS_SHIFT) + (bit & 1) * TAGS_PER_LONG;
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
        long tags = buckets.getLong(bucket, half * Long.BYTES);
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
        return buckets.getInt(entry >>> WAY_BITS, seenOffset(entry));
    }

    private static int seenOffset(int entry) {
        return SEEN_OFFSET + (entry & WAYS - 1) * Integer.BYTES;
    }

    private static int tick(long ns) {
        return (int) (ns >>> TICK_SHIFT);
    }

    /** An empty one for a few flows, in which hosts may begin as many as in this one. */
    public FlowTable ofFew() {
        return new FlowTable(1, hosts.flowsMax(), 0);
    }

    /**
     * Takes over what another table knows of the tuple's flow, and of who sends it.
     *
     * @param other of which this one is {@link #ofFew}
     * @return index of the flow here, or {@link PacketBuffer#NONE}: it is not there
     */
    public int copy(FiveTuple tuple, FlowTable other, long nowNs) {
        hosts.copy(tuple, other.hosts, nowNs);
        int there = other.find(tuple);
        return there == PacketBuffer.NONE ? there : copy(there, tuple, other);
    }

    /** The same of a flow that has this index there. */
    public int copy(int there, FlowTable other) {
        FiveTuple tuple = new FiveTuple();
        FlowKeys.read(other.entries.address(there), tuple);
        return copy(there, tuple, other);
    }

    private int copy(int there, FiveTuple tuple, FlowTable other) {
        int here = touch(tuple, 0);
        entries.copy(here, other.entries, there);
        return here;
    }

    /** The flow came in by this tunnel just now. */
    public void arrived(int flow, int tunnel, long nowNs) {
        entries.putInt(flow, ARRIVAL_OFFSET, tunnel);
        entries.putInt(flow, ARRIVED_OFFSET, tick(nowNs));
    }

    /**
     * The tunnel by which the flow arrived within the last {@code windowNs}, a day at most, or
     * {@link PacketBuffer#NONE}.
     */
    public int arrivalTunnel(int flow, long nowNs, long windowNs) {
        int tunnel = entries.getInt(flow, ARRIVAL_OFFSET);
        int age = tick(nowNs) - entries.getInt(flow, ARRIVED_OFFSET);
        return tunnel != PacketBuffer.NONE && Integer.toUnsignedLong(age) < tick(windowNs)
                ? tunnel
                : PacketBuffer.NONE;
    }

    /** Packets of the flow in the direction of {@code tuple} leave by this tunnel from now on. */
    public void departed(int flow, FiveTuple tuple, int tunnel) {
        entries.putInt(flow, departureOffset(tuple), tunnel);
    }

    /** What {@link #departed} last said of that direction, or {@link PacketBuffer#NONE}. */
    public int departureTunnel(int flow, FiveTuple tuple) {
        return entries.getInt(flow, departureOffset(tuple));
    }

    /** Of what was {@link #decided} last, or {@link #NO_EPOCH}. */
    public int epoch(int flow) {
        return entries.getInt(flow, EPOCH_OFFSET);
    }

    /** What was {@link #decided} last; the epoch says whether it holds. */
    public int decision(int flow) {
        return entries.getInt(flow, DECISION_OFFSET) & DECISION_MAX;
    }

    /**
     * Something was decided about the flow.
     *
     * @param decision from 0 to {@link #DECISION_MAX}
     */
    public void decided(int flow, int epoch, int decision) {
        int others = entries.getInt(flow, DECISION_OFFSET) & ~DECISION_MAX;
        entries.putInt(flow, EPOCH_OFFSET, epoch);
        entries.putInt(flow, DECISION_OFFSET, decision | others);
    }

    /** A packet of the flow went by the PoP, from where it comes back to us. */
    public void wentByPop(int flow) {
        entries.putInt(flow, DECISION_OFFSET, entries.getInt(flow, DECISION_OFFSET) | BY_POP);
    }

    /** Whether any of its packets ever {@link #wentByPop}. */
    public boolean hasGoneByPop(int flow) {
        return (entries.getInt(flow, DECISION_OFFSET) & BY_POP) != 0;
    }

    /** A packet of the flow may pass, by what was decided about it. */
    public void passed(int flow) {
        entries.putInt(flow, DECISION_OFFSET, entries.getInt(flow, DECISION_OFFSET) | PASSED);
    }

    /** Whether any of its packets ever {@link #passed} or {@link #wentByPop}. */
    public boolean hasPassed(int flow) {
        return (entries.getInt(flow, DECISION_OFFSET) & (BY_POP | PASSED)) != 0;
    }

    /** Whether it is a flow between these addresses, of whatever ports. */
    public boolean isBetween(int flow, FiveTuple tuple) {
        keys.fill(SINGLE, tuple);
        return keys.isBetween(SINGLE, entries.address(flow));
    }

    /** Whether packets like this one come from who began the flow. */
    public boolean isFromBeginner(int flow, FiveTuple tuple) {
        int direction = entries.getInt(flow, DECISION_OFFSET) & REVERSED;
        return FlowKeys.isReversed(tuple) == (direction != 0);
    }

    /** The other end began the flow: we have only seen its middle. Some have but one end. */
    public void turn(int flow) {
        int turned = FlowKeys.isOfOneEnd(entries.address(flow)) ? 0 : REVERSED;
        entries.putInt(flow, DECISION_OFFSET, entries.getInt(flow, DECISION_OFFSET) ^ turned);
    }

    private static int departureOffset(FiveTuple tuple) {
        return DEPARTURE_OFFSET + (FlowKeys.isReversed(tuple) ? Integer.BYTES : 0);
    }

    private void replace(int entry, int index) {
        buckets.putShort(
                entry >>> WAY_BITS, (entry & WAYS - 1) * Short.BYTES, tag(keys.hash(index)));
        buckets.putInt(entry >>> WAY_BITS, seenOffset(entry), 0);
        keys.copyTo(index, entries.address(entry));
        entries.putInt(entry, ARRIVAL_OFFSET, PacketBuffer.NONE);
        entries.putInt(entry, DEPARTURE_OFFSET, PacketBuffer.NONE);
        entries.putInt(entry, DEPARTURE_OFFSET + Integer.BYTES, PacketBuffer.NONE);
        entries.putInt(entry, EPOCH_OFFSET, NO_EPOCH);
        entries.putInt(entry, DECISION_OFFSET, keys.direction(index));
    }
}
