package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;

/** Traffic from one site's host to another's. */
record Direction(LabSite from, LabSite to) {
    /**
     * With more sites than this only neighbours on a ring talk: two cores carry no more streams.
     */
    private static final int FULL_MESH_MAX = 4;

    /** Both directions of every pair, or of every pair of neighbours on a ring. */
    static List<Direction> among(List<LabSite> sites) {
        List<Direction> directions = new ArrayList<>();
        for (LabSite from : sites) {
            for (LabSite to : sites) {
                if (from != to
                        && (sites.size() <= FULL_MESH_MAX || isRing(from, to, sites.size()))) {
                    directions.add(new Direction(from, to));
                }
            }
        }
        return directions;
    }

    private static boolean isRing(LabSite a, LabSite b, int count) {
        int distance = Math.floorMod(a.index() - b.index(), count);
        return distance == 1 || distance == count - 1;
    }

    /** Whether the site is one of its ends. */
    boolean touches(LabSite site) {
        return from.equals(site) || to.equals(site);
    }

    @Override
    public String toString() {
        return from.name() + ">" + to.name();
    }
}
