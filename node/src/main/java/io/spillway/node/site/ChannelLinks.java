package io.spillway.node.site;

import io.spillway.control.directory.Link;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * By which links the channel to a PoP node goes: those over which a tunnel to it lives, the most
 * preferred first. While none lives, any may do. Owned by control.
 */
final class ChannelLinks {
    /** A link whose tunnel has lived so long takes the channel back from a less preferred one. */
    static final long PROVEN_NS = 30_000_000_000L;

    /** Whether a link has proven itself is looked up this often. */
    private static final long JUDGE_NS = 1_000_000_000L;

    private final List<Link> links;
    private final Map<Integer, Long> aliveSinceNs = new HashMap<>();
    private List<Integer> told;
    private int aliveBefore;
    private long judgeNs;

    /**
     * @param links that lead to a PoP
     */
    ChannelLinks(List<Link> links) {
        this.links = links.stream().sorted(Comparator.comparing(Link::precedence)).toList();
        told = indexes(this.links);
    }

    /**
     * @param alive links over which a tunnel lives, a bit for each index
     * @return whether {@link #order} is another from now on
     */
    boolean poll(int alive, long nowNs) {
        if (alive == aliveBefore && nowNs - judgeNs < 0) {
            return false;
        }
        aliveBefore = alive;
        judgeNs = nowNs + JUDGE_NS;
        note(alive, nowNs);
        List<Integer> order = indexes(wanted(nowNs));
        boolean isNews = !order.equals(told);
        told = order;
        return isNews;
    }

    private void note(int alive, long nowNs) {
        for (Link link : links) {
            if ((alive >> link.index() & 1) == 0) {
                aliveSinceNs.remove(link.index());
            } else {
                aliveSinceNs.putIfAbsent(link.index(), nowNs);
            }
        }
    }

    /** Indexes of links, never empty; the first is to be tried first. */
    List<Integer> order() {
        return told;
    }

    private List<Link> wanted(long nowNs) {
        List<Link> living =
                links.stream().filter(it -> aliveSinceNs.containsKey(it.index())).toList();
        if (living.isEmpty()) {
            return links;
        }
        int preferred = living.getFirst().precedence();
        List<Link> best = living.stream().filter(it -> it.precedence() == preferred).toList();
        boolean isProven =
                best.stream().anyMatch(it -> nowNs - aliveSinceNs.get(it.index()) >= PROVEN_NS);
        return isProven ? best : living;
    }

    private static List<Integer> indexes(List<Link> links) {
        return links.stream().map(Link::index).toList();
    }
}
