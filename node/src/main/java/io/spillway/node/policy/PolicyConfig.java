package io.spillway.node.policy;

import java.util.List;

/**
 * A checked {@code policy.yaml}, with parties and services still as words. Immutable. What a file
 * may leave out and what it then means is in {@code policy.schema.json}.
 */
public record PolicyConfig(Policy policy) {
    /**
     * @param rules the first that matches counts
     * @param wanRules the same
     */
    public record Policy(
            List<Named> objects, List<Named> services, List<Network> rules, List<Wan> wanRules) {}

    /** Words that one name stands for. */
    public record Named(String name, List<String> members) {}

    /**
     * @param rules of what stays here; below them all is blocked
     */
    public record Network(
            String name,
            boolean enabled,
            List<String> from,
            List<String> to,
            Direction direction,
            List<String> services,
            Transport transport,
            Track track,
            List<Rule> rules) {}

    /** One firewall rule. */
    public record Rule(
            String name,
            boolean enabled,
            List<String> from,
            List<String> to,
            Direction direction,
            List<String> services,
            Action action,
            Track track) {}

    /**
     * One rule for what goes to other sites.
     *
     * @param transport {@code automatic}, {@code cloud}, {@code off-cloud} or {@code alt-wan}
     * @param secondary one of those, or {@code none}
     */
    public record Wan(
            String name,
            boolean enabled,
            List<String> from,
            List<String> to,
            List<String> services,
            String transport,
            String secondary) {}

    /** Who begins the flows that a rule speaks of. */
    public enum Direction {
        TO,
        BOTH
    }

    /** What is made of what a rule decides. */
    public enum Track {
        COUNT,
        EVENT
    }

    public enum Transport {
        LAN,
        WAN
    }

    public enum Action {
        ALLOW,
        BLOCK
    }
}
