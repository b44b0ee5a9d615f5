package io.spillway.routing.bgp;

/**
 * Which of several neighbours' paths for a prefix is used (RFC 4271 section 9.1.2.2), the first
 * difference decides:
 *
 * <ol>
 *   <li>the next hop is one that packets can go to
 *   <li>the higher LOCAL_PREF; 100 where there is none
 *   <li>the shorter AS_PATH, an AS_SET counting as one
 *   <li>the lower ORIGIN
 *   <li>of paths by the same neighbouring AS, the lower MULTI_EXIT_DISC; 0 where there is none
 *   <li>external before internal
 *   <li>the lower BGP identifier
 *   <li>the neighbour that comes first in the configuration
 * </ol>
 *
 * <p>Paths that are equal up to external or internal are equally good and used together; the rest
 * names the one that is told to others. Next hops are all on our own LANs, so that none is nearer.
 */
final class DecisionProcess {
    static final String EQUALLY_GOOD = "equally good, used as well";

    private DecisionProcess() {}

    /** Negative: the first is better. Up to ORIGIN; MULTI_EXIT_DISC makes no order of three. */
    static int compareEarly(PathAttributes one, PathAttributes other) {
        if (one == other) {
            return 0;
        }
        int order = Boolean.compare(other.isUsable(), one.isUsable());
        if (order == 0) {
            order = Long.compare(other.preference(), one.preference());
        }
        if (order == 0) {
            order = Integer.compare(one.hops, other.hops);
        }
        return order != 0 ? order : Integer.compare(one.origin, other.origin);
    }

    static boolean hasLowerMetric(PathAttributes one, PathAttributes other) {
        return one.neighbourAs == other.neighbourAs && one.metric() < other.metric();
    }

    /** Negative: the first is better. What is left when all attributes are equal. */
    static int compareLate(PathOwner one, PathOwner other) {
        int order = Boolean.compare(other.isExternal(), one.isExternal());
        if (order == 0) {
            order = Integer.compareUnsigned(one.identifier(), other.identifier());
        }
        return order != 0 ? order : Integer.compare(one.index(), other.index());
    }

    /** Why a path with these attributes is not the best, for people. */
    static String lostBy(
            PathAttributes lost, PathOwner loser, PathAttributes best, PathOwner winner) {
        if (!lost.isUsable()) {
            return lost.fault;
        }
        if (lost.preference() != best.preference()) {
            return "another path has a higher local preference";
        }
        if (lost.hops != best.hops) {
            return "another path has a shorter AS path";
        }
        if (lost.origin != best.origin) {
            return "another path has a better origin";
        }
        if (loser.isExternal() != winner.isExternal() && !hasLowerMetric(best, lost)) {
            return "another path was learned from another AS";
        }
        return "another path has a lower MED";
    }
}
