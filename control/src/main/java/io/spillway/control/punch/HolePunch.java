package io.spillway.control.punch;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One attempt of two sites to reach each other, this site's half (R026-R028, D05, D06): sends
 * probes to 32 ports around the other's announced one, p, p+1, p-1, p+2 ..., one every 5 ms;
 * answers its probes, and probes where they really came from. An answered probe is a way.
 *
 * <pre>
 *   site 1 ── probe to p ──────────────────> NAT of 2   dropped, but NAT of 1 is open now
 *   NAT of 1 <────────────── probe to q ──── site 2     passes
 *   site 1 ── answer, and a probe back ────> site 2     passes: the way is found, both ways
 * </pre>
 *
 * <p>A NAT that does not drop what nobody asked for takes the first probe for one of its own
 * conversations, and gives ours another port. So openers go ahead, which pass our own NAT and end
 * before the other's; by the time of the first probe both NATs should be open.
 *
 * <p>Owned by control.
 */
public final class HolePunch {
    /** {@link Sender}: as far as the address is. */
    public static final int ALL_THE_WAY = 0;

    /** How a datagram leaves by the link of the pair. */
    @FunctionalInterface
    public interface Sender {
        /**
         * @param hops how many routers' links it may pass; {@link #ALL_THE_WAY}: all
         */
        void send(InetSocketAddress to, byte[] datagram, int hops);

        default void send(InetSocketAddress to, byte[] datagram) {
            send(to, datagram, ALL_THE_WAY);
        }
    }

    /** How far it has come. */
    public enum State {
        PROBING,
        FOUND,
        FAILED
    }

    static final int WINDOW = 32;
    static final int PORT_MIN = 1024;
    static final int PORT_MAX = 65535;
    static final long PACE_NS = 5_000_000L;

    /**
     * Out of our own NAT and no further: one more would reach the other's. A provider's NAT behind
     * ours is not opened. Twice, since one may be lost.
     */
    private static final int[] OPENER_HOPS = {2, 2};

    private static final long OPENER_PACE_NS = 40_000_000L;

    /**
     * Both sites' orders have come by then, and their openers left: what their ways from the PoP
     * may differ by, and their machines in haste.
     */
    static final long LEAD_NS = 150_000_000L;

    /**
     * From the first probe on: the announced ends are probed again, since the other may have begun
     * later.
     */
    private static final long[] REPEAT_NS = {
        100_000_000L, 250_000_000L, 500_000_000L, 900_000_000L
    };

    /** From the first probe on: the last has had its time by then, over any living path. */
    static final long ANSWER_MAX_NS = 1_600_000_000L;

    /** A way on the LAN is worth so much waiting once another one is found. */
    static final long SETTLE_NS = 50_000_000L;

    /** Until then the other's probes are answered. */
    static final long LIFE_NS = 5_000_000_000L;

    /** Ends from which probes came and that were not announced. */
    private static final int STRANGE_ENDS_MAX = 8;

    private static final int REQUESTS_SEEN_MAX = 4 * WINDOW;

    private final PunchOrder order;
    private final RandomGenerator random;
    private final long startNs;
    private final long probingNs;
    private final Deque<InetSocketAddress> due = new ArrayDeque<>();
    private final Set<InetSocketAddress> probed = new HashSet<>();
    private final Map<String, InetSocketAddress> open = new HashMap<>();
    private final Set<InetSocketAddress> found = new LinkedHashSet<>();
    private final Set<String> answered = new HashSet<>();
    private InetSocketAddress heardFrom;
    private State state = State.PROBING;
    private long nextNs;
    private long foundNs;
    private int openers;
    private int repeats;
    private int strangeEnds;

    public HolePunch(PunchOrder order, RandomGenerator random, long nowNs) {
        this.order = order;
        this.random = random;
        startNs = nowNs;
        probingNs = nowNs + LEAD_NS;
        nextNs = probingNs;
        due.addAll(announced());
        for (int i = 1; !order.isFixed() && i < WINDOW; i++) {
            int port = order.outside().getPort() + (i % 2 == 1 ? (i + 1) / 2 : -i / 2);
            if (port >= PORT_MIN && port <= PORT_MAX) {
                due.add(new InetSocketAddress(order.outside().getAddress(), port));
            }
        }
    }

    private List<InetSocketAddress> announced() {
        return order.local() == null
                ? List.of(order.outside())
                : List.of(order.local(), order.outside());
    }

    public PunchOrder order() {
        return order;
    }

    public State state() {
        return state;
    }

    /** The best of the ways found; null before {@link State#FOUND}. */
    public InetSocketAddress way() {
        return state == State.FOUND ? best() : null;
    }

    /** Where a probe of the other's came from; null: none did. */
    public InetSocketAddress heardFrom() {
        return heardFrom;
    }

    public boolean isOver(long nowNs) {
        return nowNs - startNs >= LIFE_NS;
    }

    /** Judges, and sends what is due by now. */
    public void poll(long nowNs, Sender sender) {
        if (state != State.PROBING) {
            return;
        }
        if (!found.isEmpty() && (isBest() || nowNs - foundNs >= SETTLE_NS)) {
            state = State.FOUND;
            return;
        }
        if (openers < OPENER_HOPS.length && nowNs - openerNs() >= 0) {
            probe(order.outside(), sender, OPENER_HOPS[openers++]);
        }
        while (!due.isEmpty() && nowNs - nextNs >= 0) {
            nextNs += PACE_NS;
            probe(due.poll(), sender, ALL_THE_WAY);
        }
        if (repeats < REPEAT_NS.length && nowNs - probingNs >= REPEAT_NS[repeats]) {
            repeats++;
            announced().forEach(end -> probe(end, sender, ALL_THE_WAY));
        }
        if (found.isEmpty() && nowNs - probingNs >= ANSWER_MAX_NS) {
            state = State.FAILED;
        }
    }

    /** When {@link #poll} next has something to do. */
    public long deadlineNs() {
        if (state != State.PROBING) {
            return startNs + LIFE_NS;
        }
        if (!found.isEmpty()) {
            return foundNs + SETTLE_NS;
        }
        if (openers < OPENER_HOPS.length) {
            return openerNs();
        }
        long lastNs = repeats < REPEAT_NS.length ? REPEAT_NS[repeats] : ANSWER_MAX_NS;
        boolean isWindowNext = !due.isEmpty() && nextNs - (probingNs + lastNs) < 0;
        return isWindowNext ? nextNs : probingNs + lastNs;
    }

    /**
     * A message with this attempt's username, or an answer to a probe of it.
     *
     * @return whether it was what it should be; anything else changes nothing
     */
    public boolean onStun(InetSocketAddress from, StunMessage message, long nowNs, Sender sender) {
        if (!message.isAuthentic(order.key())) {
            return false;
        }
        return message.isRequest()
                ? onRequest(from, message, sender)
                : onResponse(from, message, nowNs);
    }

    /** Whether that transaction is an unanswered probe of ours. */
    public boolean isAwaiting(StunMessage response) {
        return open.containsKey(text(response.transactionId()));
    }

    /** Each is answered once: a copy from elsewhere would make us a reflector. */
    private boolean onRequest(InetSocketAddress from, StunMessage request, Sender sender) {
        boolean isNew =
                answered.size() < REQUESTS_SEEN_MAX && answered.add(text(request.transactionId()));
        if (!isNew) {
            return false;
        }
        heardFrom = from;
        sender.send(from, StunMessage.response(request, from, order.key()));
        if (!found.contains(from) && mayProbe(from)) {
            probe(from, sender, ALL_THE_WAY);
        }
        return true;
    }

    /** Also once more what was announced: the first probe may have met a closed NAT. */
    private boolean mayProbe(InetSocketAddress end) {
        return probed.contains(end) || strangeEnds++ < STRANGE_ENDS_MAX;
    }

    private boolean onResponse(InetSocketAddress from, StunMessage response, long nowNs) {
        InetSocketAddress to = open.get(text(response.transactionId()));
        if (!from.equals(to) || response.mapped() == null) {
            return false;
        }
        if (found.isEmpty()) {
            foundNs = nowNs;
        }
        found.add(to);
        return true;
    }

    private long openerNs() {
        return startNs + openers * OPENER_PACE_NS;
    }

    private void probe(InetSocketAddress to, Sender sender, int hops) {
        byte[] transactionId = new byte[StunMessage.TRANSACTION_ID_LENGTH];
        random.nextBytes(transactionId);
        open.put(text(transactionId), to);
        probed.add(to);
        byte[] request = StunMessage.request(transactionId, to, order.username(), order.key());
        sender.send(to, request, hops);
    }

    private boolean isBest() {
        return order.local() == null || found.contains(order.local());
    }

    private InetSocketAddress best() {
        if (order.local() != null && found.contains(order.local())) {
            return order.local();
        }
        return found.contains(order.outside()) ? order.outside() : found.iterator().next();
    }

    private static String text(byte[] transactionId) {
        return HexFormat.of().formatHex(transactionId);
    }
}
