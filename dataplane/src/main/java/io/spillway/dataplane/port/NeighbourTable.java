package io.spillway.dataplane.port;

import io.spillway.dataplane.header.MacAddress;

/**
 * Owned by the lan agent. MAC addresses of the LAN's next hops, IPv4 and IPv6, learned by ARP and
 * neighbour discovery; a bounded number of packets waits for each that is not known yet. Flat
 * arrays, no allocation after construction; time is given.
 *
 * <p>The states are those of RFC 4861 §7.3.2 but for DELAY, which waits for hints of upper layers
 * that a gateway does not have:
 *
 * <pre>
 *             on use           answer           heard of (its own request,
 *                                               or unsolicited, other MAC)
 *  (none)     INCOMPLETE, ask  -                STALE, only if it asked us
 *  INCOMPLETE wait             REACHABLE        STALE
 *  REACHABLE  send;            REACHABLE        STALE
 *             after 30 s: as STALE
 *  STALE      send, PROBE, ask REACHABLE        STALE
 *  PROBE      send             REACHABLE        STALE
 *
 *  INCOMPLETE and PROBE ask once a second, 3 times, then the entry is gone.
 * </pre>
 *
 * <p>An address is two longs; IPv4 addresses stand as {@link #ipv4Low} with high half 0.
 */
public final class NeighbourTable {
    /** What the table wants done; called from within its methods, must not call back into it. */
    public interface Listener {
        /**
         * Ask for this address now.
         *
         * @param knownMac whom to ask, or {@link MacAddress#NONE} to ask everybody
         */
        void onRequestDue(int interfaceIndex, long high, long low, long knownMac);

        /** The packet of this number may go on, to this MAC. It is the listener's again. */
        void onResolved(int number, long mac);

        /**
         * The packet of this number will not be sent. It is the listener's again.
         *
         * @param hasTimedOut true when nobody answered, false when it was displaced by others
         */
        void onUnresolved(int number, boolean hasTimedOut);
    }

    // RFC 4861 §10.
    public static final long REACHABLE_TIME_NS = 30_000_000_000L;
    public static final long RETRANSMIT_TIME_NS = 1_000_000_000L;
    public static final int REQUESTS_MAX = 3; // MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT

    // Ours.
    public static final int WAITING_PER_NEIGHBOUR_MAX = 4;
    public static final int TIMERS_PER_POLL_MAX = 64;
    private static final int EVICTION_STEPS_MAX = 64;

    /** {@link #nextDeadlineNs} when nothing is asked for. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L; // RFC 4291 §2.5.5.2
    private static final byte INCOMPLETE = 1;
    private static final byte REACHABLE = 2;
    private static final byte STALE = 3;
    private static final byte PROBE = 4;

    private final Listener listener;
    private final int incompleteMax;
    private final int waitingMax;
    private final NeighbourIndex index;
    private final IndexQueue incomplete; // by time of the last request, oldest first
    private final IndexQueue probing; // ditto
    private final byte[] state;
    private final byte[] requests;
    private final boolean[] isUsed; // since the eviction hand last came by
    private final long[] mac;
    private final long[] deadlineNs; // REACHABLE: until when; INCOMPLETE, PROBE: next request
    private final byte[] waitingCount;
    private final int[] waiting; // WAITING_PER_NEIGHBOUR_MAX a neighbour, oldest first
    private int waitingTotal;
    private int hand;

    /**
     * @param capacity neighbours remembered, at least 4; a quarter of them may be unresolved
     * @param waitingMax packets waiting in all, so that a scan cannot hold the whole packet pool
     */
    public NeighbourTable(int capacity, int waitingMax, Listener listener) {
        if (capacity < 4 || capacity > 1 << 20 || waitingMax < 1) {
            throw new IllegalArgumentException("capacity " + capacity + ", waiting " + waitingMax);
        }
        this.listener = listener;
        this.incompleteMax = capacity / 4;
        this.waitingMax = waitingMax;
        index = new NeighbourIndex(capacity);
        incomplete = new IndexQueue(capacity);
        probing = new IndexQueue(capacity);
        state = new byte[capacity];
        requests = new byte[capacity];
        isUsed = new boolean[capacity];
        mac = new long[capacity];
        deadlineNs = new long[capacity];
        waitingCount = new byte[capacity];
        waiting = new int[capacity * WAITING_PER_NEIGHBOUR_MAX];
    }

    /** Low half of the address under which an IPv4 neighbour stands; the high half is 0. */
    public static long ipv4Low(int address) {
        return IPV4_MAPPED | address & 0xFFFF_FFFFL;
    }

    /** True when an address of this table is an IPv4 one, the low 32 bits of {@code low}. */
    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** Neighbours known or asked for. */
    public int count() {
        return index.count();
    }

    /** Packets waiting. */
    public int waitingCount() {
        return waitingTotal;
    }

    /**
     * Where to send to. Asks again by the way when the answer is old.
     *
     * @return the MAC, or {@link MacAddress#NONE}: then {@link #await} with the packet
     */
    public long lookup(int interfaceIndex, long high, long low, long nowNs) {
        int entry = index.find(interfaceIndex, high, low);
        if (entry == NeighbourIndex.NONE || state[entry] == INCOMPLETE) {
            return MacAddress.NONE;
        }
        isUsed[entry] = true;
        if (state[entry] == STALE || state[entry] == REACHABLE && nowNs - deadlineNs[entry] >= 0) {
            request(entry, PROBE, nowNs);
        }
        return mac[entry];
    }

    /**
     * Leaves a packet here until its neighbour answers; asks for it if that was not done yet. The
     * table owns the packet from here on and gives it back through the listener, perhaps at once.
     */
    public void await(int interfaceIndex, long high, long low, int number, long nowNs) {
        int entry = index.find(interfaceIndex, high, low);
        if (entry == NeighbourIndex.NONE) {
            entry = addIncomplete(interfaceIndex, high, low, nowNs);
        }
        if (state[entry] != INCOMPLETE) {
            listener.onResolved(number, mac[entry]);
            return;
        }
        if (waitingCount[entry] == WAITING_PER_NEIGHBOUR_MAX) {
            listener.onUnresolved(takeWaiting(entry), false); // the oldest, RFC 4861 §7.2.2
        }
        if (waitingTotal == waitingMax) {
            listener.onUnresolved(number, false);
            return;
        }
        waiting[entry * WAITING_PER_NEIGHBOUR_MAX + waitingCount[entry]++] = number;
        waitingTotal++;
    }

    /**
     * The neighbour itself asked us something and named its MAC (an ARP request, a neighbour or
     * router solicitation): remembered, though not proven to be reachable.
     */
    public void onAsked(int interfaceIndex, long high, long low, long newMac, long nowNs) {
        assert MacAddress.isStation(newMac);
        int entry = index.find(interfaceIndex, high, low);
        if (entry == NeighbourIndex.NONE) {
            entry = add(interfaceIndex, high, low);
            settle(entry, STALE, newMac, nowNs);
        } else if (state[entry] == INCOMPLETE || mac[entry] != newMac) {
            settle(entry, STALE, newMac, nowNs);
        }
    }

    /**
     * An advertisement or ARP reply, asked for or not, by the rules of RFC 4861 §7.2.5. Nothing is
     * learned about addresses we do not deal with.
     *
     * @param newMac may be {@link MacAddress#NONE}: the one we know is still right
     * @param isSolicited it answers a request of ours
     * @param isOverride it replaces what we know
     */
    public void onAdvertised(
            int interfaceIndex,
            long high,
            long low,
            long newMac,
            boolean isSolicited,
            boolean isOverride,
            long nowNs) {
        int entry = index.find(interfaceIndex, high, low);
        if (entry == NeighbourIndex.NONE) {
            return;
        }
        if (state[entry] == INCOMPLETE) {
            if (newMac != MacAddress.NONE) {
                settle(entry, isSolicited ? REACHABLE : STALE, newMac, nowNs);
            }
            return;
        }
        boolean isOther = newMac != MacAddress.NONE && newMac != mac[entry];
        if (isOther && !isOverride) {
            if (state[entry] == REACHABLE) {
                settle(entry, STALE, mac[entry], nowNs);
            }
        } else if (isSolicited || isOther) {
            long known = isOther ? newMac : mac[entry];
            settle(entry, isSolicited ? REACHABLE : STALE, known, nowNs);
        }
    }

    /** Asks again and gives up where that is due. Returns the number of timers handled. */
    public int poll(long nowNs) {
        int handled = poll(incomplete, nowNs, TIMERS_PER_POLL_MAX);
        return handled + poll(probing, nowNs, TIMERS_PER_POLL_MAX - handled);
    }

    /**
     * When {@link #poll} has something to do, or {@link #NO_DEADLINE}, which is to be told apart
     * before deadlines are compared by subtraction.
     */
    public long nextDeadlineNs() {
        int first = incomplete.head();
        int second = probing.head();
        if (first == IndexQueue.EMPTY || second == IndexQueue.EMPTY) {
            int only = Math.max(first, second);
            return only == IndexQueue.EMPTY ? NO_DEADLINE : deadlineNs[only];
        }
        boolean isFirst = deadlineNs[first] - deadlineNs[second] < 0;
        return deadlineNs[isFirst ? first : second];
    }

    /** Forgets all neighbours of a LAN interface that is gone; their packets are given back. */
    public void clear(int interfaceIndex) {
        for (int entry = 0; entry < state.length; entry++) {
            if (state[entry] != 0 && index.interfaceIndex(entry) == interfaceIndex) {
                remove(entry, false);
            }
        }
    }

    private int poll(IndexQueue queue, long nowNs, int max) {
        int handled = 0;
        while (handled < max && queue.head() != IndexQueue.EMPTY) {
            int entry = queue.head();
            if (nowNs - deadlineNs[entry] < 0) {
                break;
            }
            if (requests[entry] == REQUESTS_MAX) {
                remove(entry, true);
            } else {
                request(entry, state[entry], nowNs);
            }
            handled++;
        }
        return handled;
    }

    private int addIncomplete(int interfaceIndex, long high, long low, long nowNs) {
        if (incomplete.count() == incompleteMax) {
            remove(incomplete.head(), false);
        }
        int entry = add(interfaceIndex, high, low);
        request(entry, INCOMPLETE, nowNs);
        return entry;
    }

    private int add(int interfaceIndex, long high, long low) {
        if (index.isFull()) {
            remove(victim(), false);
        }
        int entry = index.add(interfaceIndex, high, low);
        isUsed[entry] = true;
        requests[entry] = 0;
        return entry;
    }

    /** Second chance: an entry not used since the hand last came by; never one being asked for. */
    private int victim() {
        int candidate = hand;
        for (int step = 0; step < EVICTION_STEPS_MAX; step++) {
            hand = hand + 1 == state.length ? 0 : hand + 1;
            if (state[hand] == INCOMPLETE) {
                continue;
            }
            candidate = hand;
            if (!isUsed[hand]) {
                break;
            }
            isUsed[hand] = false;
        }
        return candidate;
    }

    /** Enters INCOMPLETE or PROBE, or stays there for another try, and asks. */
    private void request(int entry, byte newState, long nowNs) {
        IndexQueue queue = newState == INCOMPLETE ? incomplete : probing;
        if (state[entry] != newState) {
            requests[entry] = 0;
        }
        queue.remove(entry);
        queue.add(entry);
        state[entry] = newState;
        requests[entry]++;
        deadlineNs[entry] = nowNs + RETRANSMIT_TIME_NS;
        long knownMac = newState == PROBE ? mac[entry] : MacAddress.NONE;
        listener.onRequestDue(
                index.interfaceIndex(entry), index.high(entry), index.low(entry), knownMac);
    }

    /** Enters REACHABLE or STALE and lets the waiting packets go. */
    private void settle(int entry, byte newState, long newMac, long nowNs) {
        incomplete.remove(entry);
        probing.remove(entry);
        state[entry] = newState;
        mac[entry] = newMac;
        deadlineNs[entry] = nowNs + REACHABLE_TIME_NS;
        while (waitingCount[entry] > 0) {
            listener.onResolved(takeWaiting(entry), newMac);
        }
    }

    private void remove(int entry, boolean hasTimedOut) {
        incomplete.remove(entry);
        probing.remove(entry);
        index.remove(entry);
        state[entry] = 0;
        while (waitingCount[entry] > 0) {
            listener.onUnresolved(takeWaiting(entry), hasTimedOut);
        }
    }

    private int takeWaiting(int entry) {
        int first = entry * WAITING_PER_NEIGHBOUR_MAX;
        int number = waiting[first];
        waitingCount[entry]--;
        waitingTotal--;
        for (int i = first; i < first + waitingCount[entry]; i++) {
            waiting[i] = waiting[i + 1];
        }
        return number;
    }
}
