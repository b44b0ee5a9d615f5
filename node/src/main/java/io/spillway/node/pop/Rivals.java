package io.spillway.node.pop;

import io.spillway.crypto.PeerIdentity;

/**
 * Machines that use one site ID with keys of their own: the first has it, wherever it came, until
 * it is gone. Where two came to two nodes before these had heard of each other, that is the one
 * with the smaller stamp. Owned by control.
 */
final class Rivals {
    private final String ownNode;

    Rivals(String ownNode) {
        this.ownNode = ownNode;
    }

    /** Which other machine has that ID, in words; null: none. */
    String of(AttachedSite site, PeerIdentity machine) {
        if (site.living().stream().anyMatch(it -> !it.peer().isSameHolder(machine))) {
            return "another machine uses the ID of " + site.name() + ", and was here first";
        }
        PeerNode node = site.claims().withAnother(machine);
        return node == null ? null : elsewhere(site, node);
    }

    /** Which other machine has the ID of the one that is here, in words; null: none. */
    String withPrecedence(AttachedSite site) {
        PeerIdentity machine = site.holder();
        PeerNode node = machine == null ? null : site.claims().withAnother(machine);
        if (node == null) {
            return null;
        }
        long claimed = site.claims().of(node).stamp();
        int order = Long.compare(rank(claimed), rank(site.stamp()));
        boolean isBefore = order < 0 || order == 0 && node.name().compareTo(ownNode) < 0;
        return isBefore ? elsewhere(site, node) : null;
    }

    /** Who has only a channel comes after who has a tunnel. */
    private static long rank(long stamp) {
        return stamp == 0 ? Long.MAX_VALUE : stamp;
    }

    private static String elsewhere(AttachedSite site, PeerNode node) {
        return "another machine uses the ID of " + site.name() + ", and is at node " + node.name();
    }
}
