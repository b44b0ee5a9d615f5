package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.List;

/**
 * The traffic that a rule of either level speaks of: from one party to the other, or either way, of
 * any of these services. Immutable.
 *
 * @param isBothWays flows that the destination begins, too; the service is always that of who is
 *     called
 * @param services at least one
 */
public record RuleScope(
        Party source, Party destination, boolean isBothWays, List<Service> services) {
    public static final RuleScope ANY =
            new RuleScope(Party.ANYBODY, Party.ANYBODY, false, List.of(Service.ANY));

    public static final RuleScope NOTHING =
            new RuleScope(Party.NOBODY, Party.NOBODY, false, List.of(Service.ANY));

    public RuleScope {
        services = List.copyOf(services);
    }

    /** A packet that begins a flow is in it when it matches one of these. */
    List<RuleMatch> matches() {
        List<RuleMatch> matches = new ArrayList<>();
        add(matches, source, destination);
        if (isBothWays) {
            add(matches, destination, source);
        }
        return matches;
    }

    private void add(List<RuleMatch> matches, Party from, Party to) {
        for (RuleMatch source : from.asSource()) {
            for (RuleMatch destination : to.asDestination()) {
                RuleMatch parties = source.and(destination);
                for (Service service : joined()) {
                    RuleMatch match = parties.and(service.match());
                    if (!match.isEmpty()) {
                        matches.add(match);
                    }
                }
            }
        }
    }

    /** Those that ask for no source port are one. */
    private List<Service> joined() {
        List<Service> joined = new ArrayList<>();
        List<ValueSet> numbers = new ArrayList<>();
        for (Service service : services) {
            if (service.sourcePorts().isAny()) {
                numbers.add(service.numbers());
            } else {
                joined.add(service);
            }
        }
        if (!numbers.isEmpty()) {
            joined.addFirst(new Service(ValueSet.anyOf(numbers), ValueSet.ANY));
        }
        return joined;
    }
}
