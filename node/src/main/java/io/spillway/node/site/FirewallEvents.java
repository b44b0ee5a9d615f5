package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.SeenPacket;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What is told of rules with {@code track: event}: packets they blocked or flows they let begin, of
 * each rule at once, then every ten seconds at most, with how many there were and one of them. Of
 * all rules together no more than ten events a second; what waits is counted further.
 *
 * <p>Owned by control.
 */
final class FirewallEvents {
    static final long POLL_NS = 1_000_000_000L;
    static final int EVENTS_PER_POLL_MAX = 10;
    private static final long INTERVAL_NS = 10_000_000_000L;

    private static final Map<Integer, String> PROTOCOLS =
            Map.of(1, "icmp", 6, "tcp", 17, "udp", 58, "icmpv6");

    private final Map<String, String> site;
    private final Consumer<EventDraft> journal;
    private LanPolicy policy;
    private int[] decisions = {}; // that are told
    private long[] told = {}; // count so far, of each of them
    private long[] dueNs = {};
    private int next;

    /**
     * @param site fields that name it
     */
    FirewallEvents(Map<String, String> site, Consumer<EventDraft> journal) {
        this.site = Map.copyOf(site);
        this.journal = journal;
    }

    /**
     * Every {@link #POLL_NS}.
     *
     * @param inForce null: none
     */
    void poll(LanPolicy inForce, long nowNs) {
        if (inForce != policy) {
            tellAll(nowNs + INTERVAL_NS); // the last words of what was in force
            begin(inForce, nowNs);
        }
        tellAll(nowNs);
    }

    private void begin(LanPolicy other, long nowNs) {
        policy = other;
        int all = other == null ? 0 : other.rules().decisionCount();
        decisions =
                IntStream.range(0, all)
                        .filter(number -> policy.rules().decision(number).isTold())
                        .toArray();
        told = new long[decisions.length];
        dueNs = new long[decisions.length];
        Arrays.fill(dueNs, nowNs);
        next = 0;
    }

    /** From where the last call came to its bound. */
    private void tellAll(long nowNs) {
        int left = EVENTS_PER_POLL_MAX;
        for (int i = 0; i < decisions.length && left > 0; i++) {
            int at = next;
            next = next + 1 == decisions.length ? 0 : next + 1;
            long count = count(decisions[at]);
            if (count != told[at] && nowNs - dueNs[at] >= 0) {
                tell(decisions[at], count - told[at]);
                told[at] = count;
                dueNs[at] = nowNs + INTERVAL_NS;
                left--;
            }
        }
    }

    private boolean blocks(int decision) {
        Decision of = policy.rules().decision(decision);
        return of.staysHere() && !of.isAllowed();
    }

    private long count(int decision) {
        return blocks(decision) ? policy.blocked(decision) : policy.flows(decision);
    }

    private void tell(int number, long count) {
        Decision decision = policy.rules().decision(number);
        SeenPacket seen = policy.takeSeen(number);
        boolean isBlocked = blocks(number);
        Map<String, String> fields = new HashMap<>(site);
        fields.put(EventField.ACTION, isBlocked ? "Block" : "Monitor");
        fields.put(EventField.NETWORK_RULE, decision.network().name());
        fields.put(EventField.EVENT_COUNT, Long.toString(count));
        String rule = "network rule " + decision.network().name();
        if (decision.rule() != null) {
            fields.put(EventField.RULE_NAME, decision.rule().name());
            rule += ", rule " + decision.rule().name();
        }
        String what = isBlocked ? " packets blocked: " : " flows: ";
        String message = "LAN firewall: " + count + what + rule;
        if (seen != null) {
            addPacket(fields, seen);
            message += ", one from " + seen.source() + " to " + seen.destination();
        }
        journal.accept(new EventDraft(EventType.LAN_FIREWALL, message, fields));
    }

    private static void addPacket(Map<String, String> fields, SeenPacket seen) {
        fields.put(EventField.SRC_IP, seen.source().toString());
        fields.put(EventField.SRC_PORT, Integer.toString(seen.sourcePort()));
        fields.put(EventField.DEST_IP, seen.destination().toString());
        fields.put(EventField.DEST_PORT, Integer.toString(seen.destinationPort()));
        fields.put(EventField.IP_PROTOCOL, protocol(seen.protocol()));
    }

    private static String protocol(int number) {
        return PROTOCOLS.getOrDefault(number, Integer.toString(number));
    }
}
