package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.routing.bfd.BfdAction;
import io.spillway.routing.bfd.BfdState;
import io.spillway.routing.fib.Prefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of BGP: each session that begins or ends, and of routes how many came, went or were
 * ignored, a second after the first of them and then every ten at most. Owned by control.
 */
final class BgpEvents {
    private static final Logger LOG = LoggerFactory.getLogger(BgpEvents.class);
    private static final long FIRST_NS = 1_000_000_000L;
    private static final long INTERVAL_NS = 10_000_000_000L;

    /** What a neighbour's routes have done since the last event. */
    private static final class Tally {
        int added;
        int deleted;
        long ignored;
        Prefix example; // the first of them
        long ignoredBefore;
        String lastFailure = "";

        boolean isEmpty() {
            return added + deleted + ignored == 0;
        }
    }

    private final List<BgpSetup.Neighbour> neighbours;
    private final Consumer<EventDraft> journal;
    private final Tally[] tallies;
    private boolean isDue;
    private long dueNs;
    private long toldNs;

    BgpEvents(List<BgpSetup.Neighbour> neighbours, Consumer<EventDraft> journal, long nowNs) {
        this.neighbours = neighbours;
        this.journal = journal;
        tallies = new Tally[neighbours.size()];
        for (int i = 0; i < tallies.length; i++) {
            tallies[i] = new Tally();
        }
        toldNs = nowNs - INTERVAL_NS;
    }

    void onEstablished(int neighbour) {
        tallies[neighbour].lastFailure = "";
        tell(EventType.BGP_SESSION, neighbour, "BGP session established", Map.of());
    }

    void onEnded(int neighbour, String why) {
        tell(
                EventType.BGP_SESSION,
                neighbour,
                "BGP session ended: " + why,
                Map.of(EventField.FAILURE_REASON, why));
    }

    void onBfd(int neighbour, BfdAction.Changed change) {
        boolean isUp = change.state() == BfdState.UP;
        String why = change.diagnostic().text();
        tell(
                EventType.BFD_SESSION,
                neighbour,
                isUp ? "BFD session up" : "BFD session down: " + why,
                isUp ? Map.of() : Map.of(EventField.FAILURE_REASON, why));
    }

    /** An attempt came to nothing: logged when it is for another reason than the last one. */
    void onFailed(int neighbour, String why) {
        if (!why.equals(tallies[neighbour].lastFailure)) {
            tallies[neighbour].lastFailure = why;
            LOG.warn("BGP neighbour {}: no session: {}", neighbours.get(neighbour).name(), why);
        }
    }

    void onLimit(int neighbour, int count, boolean isExceeded) {
        BgpSetup.Neighbour of = neighbours.get(neighbour);
        int limit = of.config().routeLimit();
        String action = of.config().isLimitFatal() ? "the session ends" : "more are ignored";
        tell(
                EventType.BGP_ROUTING,
                neighbour,
                isExceeded
                        ? "BGP route limit of " + limit + " exceeded: " + action
                        : "BGP routes: " + count + " of at most " + limit,
                Map.of(EventField.EVENT_COUNT, Integer.toString(count)));
    }

    void onAdded(int neighbour, Prefix prefix, long nowNs) {
        tallies[neighbour].added++;
        note(tallies[neighbour], prefix, nowNs);
    }

    void onDeleted(int neighbour, Prefix prefix, long nowNs) {
        tallies[neighbour].deleted++;
        note(tallies[neighbour], prefix, nowNs);
    }

    private void note(Tally tally, Prefix prefix, long nowNs) {
        tally.example = tally.example == null ? prefix : tally.example;
        arm(nowNs);
    }

    /** So many were ignored since the start. */
    void onIgnored(int neighbour, long count, long nowNs) {
        Tally tally = tallies[neighbour];
        if (count > tally.ignoredBefore) {
            tally.ignored += count - tally.ignoredBefore;
            tally.ignoredBefore = count;
            arm(nowNs);
        }
    }

    private void arm(long nowNs) {
        if (!isDue) {
            isDue = true;
            long restNs = toldNs + INTERVAL_NS - nowNs;
            dueNs = nowNs + Math.max(FIRST_NS, restNs);
        }
    }

    void poll(long nowNs) {
        if (!isDue || nowNs - dueNs < 0) {
            return;
        }
        isDue = false;
        toldNs = nowNs;
        for (int i = 0; i < tallies.length; i++) {
            if (!tallies[i].isEmpty()) {
                tellRoutes(i, tallies[i]);
            }
        }
    }

    private void tellRoutes(int neighbour, Tally tally) {
        StringBuilder message = new StringBuilder("BGP routes:");
        append(message, tally.added, " added");
        append(message, tally.deleted, " deleted");
        append(message, tally.ignored, " ignored");
        long count = tally.added + tally.deleted + tally.ignored;
        Map<String, String> fields = new HashMap<>();
        fields.put(EventField.EVENT_COUNT, Long.toString(count));
        if (tally.example != null) {
            fields.put(EventField.BGP_ROUTE_CIDR, tally.example.toString());
        }
        tally.added = 0;
        tally.deleted = 0;
        tally.ignored = 0;
        tally.example = null;
        tell(EventType.BGP_ROUTING, neighbour, message.toString(), fields);
    }

    private static void append(StringBuilder message, long count, String what) {
        if (count > 0) {
            message.append(message.charAt(message.length() - 1) == ':' ? " " : ", ");
            message.append(count).append(what);
        }
    }

    private void tell(EventType type, int neighbour, String message, Map<String, String> more) {
        BgpSetup.Neighbour of = neighbours.get(neighbour);
        Map<String, String> fields = new HashMap<>(more);
        fields.put(EventField.BGP_PEER_IP, of.config().address().toString());
        fields.put(EventField.BGP_PEER_ASN, Long.toString(of.config().peerAs()));
        fields.put(EventField.BGP_PEER_DESCRIPTION, of.name());
        journal.accept(new EventDraft(type, of.name() + ": " + message, fields));
    }
}
