package io.spillway.dataplane.firewall;

import io.spillway.dataplane.forward.TransportRules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The rules for flows to other sites, and how many flows each has decided. The rules are immutable;
 * the lan agent counts, any thread reads.
 */
public final class TransportPolicy {
    /** There are none. */
    public static final TransportPolicy EMPTY =
            new TransportPolicy(
                    List.of(), null, new int[0], TransportRules.EMPTY, new AtomicLongArray(1));

    /** No rule matches. */
    static final int UNMATCHED = 0;

    private final List<TransportRule> rules;
    private final Classifier classifier; // null: there is nothing to look for
    private final int[] numbers; // of rules, by the classifier's
    private final TransportRules transports;
    private final AtomicLongArray flows;

    private TransportPolicy(
            List<TransportRule> rules,
            Classifier classifier,
            int[] numbers,
            TransportRules transports,
            AtomicLongArray flows) {
        this.rules = rules;
        this.classifier = classifier;
        this.numbers = numbers;
        this.transports = transports;
        this.flows = flows;
    }

    /**
     * @param rules the first that matches counts
     * @throws PolicyTooLargeException when they overlap in too many ways
     */
    public static TransportPolicy of(List<TransportRule> rules) throws PolicyTooLargeException {
        var transports = new TransportRules(rules.stream().map(TransportRule::choice).toList());
        return of(rules, transports, new AtomicLongArray(rules.size() + 1));
    }

    private static TransportPolicy of(
            List<TransportRule> rules, TransportRules transports, AtomicLongArray flows)
            throws PolicyTooLargeException {
        List<RuleMatch> matches = new ArrayList<>();
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            for (RuleMatch match : rules.get(i).scope().matches()) {
                matches.add(match);
                found.add(i + 1);
            }
        }
        int[] numbers = found.stream().mapToInt(Integer::intValue).toArray();
        Classifier classifier = new Classifier(matches);
        return new TransportPolicy(List.copyOf(rules), classifier, numbers, transports, flows);
    }

    /**
     * With the same counts.
     *
     * @param others the same rules, of which some now speak of other sites
     */
    public TransportPolicy with(List<TransportRule> others) throws PolicyTooLargeException {
        return of(others, transports, flows);
    }

    /** The same, with counts of its own. */
    TransportPolicy uncounted() {
        var ownFlows = new AtomicLongArray(flows.length());
        return new TransportPolicy(rules, classifier, numbers, transports.uncounted(), ownFlows);
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** Number of the first rule that matches, from 1, or {@link #UNMATCHED}. */
    int decide(PacketKey key) {
        int match = classifier.classify(key);
        return match == Classifier.NONE ? UNMATCHED : numbers[match];
    }

    /** In order; the first has number 1. */
    public List<TransportRule> rules() {
        return rules;
    }

    /** What each does, and how many packets went how. */
    public TransportRules transports() {
        return transports;
    }

    void countFlow(int rule) {
        flows.setOpaque(rule, flows.getPlain(rule) + 1);
    }

    /** Flows that the rule decided; of number 0: those that none did. */
    public long flows(int rule) {
        return flows.getOpaque(rule);
    }
}
