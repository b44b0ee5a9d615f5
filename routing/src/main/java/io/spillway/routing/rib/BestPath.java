package io.spillway.routing.rib;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The decision process: which of several BGP paths for a prefix is used (RFC 4271 section 9.1.2.2).
 * Rules are asked in the order of {@link Rule}; each leaves those that are not worse than the best
 * by it. Paths that all rules up to {@link Rule#INTERIOR_COST} leave are equally good: their next
 * hops are used together, the first by the remaining rules is the best.
 */
final class BestPath {
    /** What a path can lose by, in the order it is asked. */
    enum Rule {
        REACHABLE("its next hop cannot be reached", Comparator.comparing(p -> !p.isReachable())),
        LOCAL_PREFERENCE(
                "a higher local preference",
                Comparator.comparingLong(BgpPath::localPreference).reversed()),
        AS_PATH("a shorter AS path", Comparator.comparingInt(BgpPath::asPathLength)),
        ORIGIN("a better origin", Comparator.comparingInt(BgpPath::origin)),
        /** Only among paths by the same neighbouring AS. */
        MED("a lower MED", Comparator.comparingLong(BgpPath::med)),
        EXTERNAL("learned from another AS", Comparator.comparing(p -> !p.isExternal())),
        INTERIOR_COST("a nearer next hop", Comparator.comparingLong(BgpPath::interiorCost)),
        ROUTER_ID("a lower router ID", Comparator.comparingLong(BgpPath::routerId)),
        CLUSTER_LIST("a shorter cluster list", Comparator.comparingInt(BgpPath::clusterLength)),
        PEER(
                "a lower neighbour address",
                Comparator.comparing((BgpPath p) -> p.peer().isIpv4())
                        .thenComparing(p -> p.peer().high(), Long::compareUnsigned)
                        .thenComparing(p -> p.peer().low(), Long::compareUnsigned));

        private final String reason;
        private final Comparator<BgpPath> order;

        Rule(String reason, Comparator<BgpPath> order) {
            this.reason = reason;
            this.order = order;
        }

        /** What the winner has, for people. */
        String reason() {
            return reason;
        }

        private boolean isWorse(BgpPath path, BgpPath other) {
            return order.compare(path, other) > 0
                    && (this != MED || path.neighbourAs() == other.neighbourAs());
        }
    }

    /** Of the equally good ones, the best first. */
    private final List<BgpPath> equal;

    private final List<BgpPath> lost = new ArrayList<>();
    private final List<Rule> lostBy = new ArrayList<>();

    /**
     * @param paths of one prefix, each by another neighbour
     */
    BestPath(List<BgpPath> paths) {
        List<BgpPath> left = new ArrayList<>(paths);
        left.removeIf(path -> !path.isReachable() && lose(path, Rule.REACHABLE));
        List<BgpPath> tied = left;
        for (Rule rule : Rule.values()) {
            left = keep(left, rule, rule.compareTo(Rule.INTERIOR_COST) <= 0);
            tied = rule == Rule.INTERIOR_COST ? left : tied;
        }
        BgpPath best = left.isEmpty() ? null : left.getFirst();
        List<BgpPath> ordered = new ArrayList<>(tied);
        ordered.sort(Comparator.comparing(path -> path != best)); // stable
        equal = List.copyOf(ordered);
    }

    private List<BgpPath> keep(List<BgpPath> paths, Rule rule, boolean isNoted) {
        List<BgpPath> kept = new ArrayList<>(paths.size());
        for (BgpPath path : paths) {
            boolean isWorse = paths.stream().anyMatch(other -> rule.isWorse(path, other));
            if (!isWorse) {
                kept.add(path);
            } else if (isNoted) {
                lose(path, rule);
            }
        }
        return kept;
    }

    private boolean lose(BgpPath path, Rule rule) {
        lost.add(path);
        lostBy.add(rule);
        return true;
    }

    /** Equally good paths, the best first; none when no next hop can be reached. */
    List<BgpPath> equal() {
        return equal;
    }

    List<BgpPath> lost() {
        return lost;
    }

    /** By which rule the path with this index in {@link #lost} lost. */
    Rule lostBy(int index) {
        return lostBy.get(index);
    }
}
