package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.forward.ShapedLinks;
import io.spillway.dataplane.observe.LinkQueue;
import io.spillway.dataplane.shape.LinkShaper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Wires the queues of links whose bandwidth is known: at each WAN agent those for its part of it.
 *
 * <p>Used at start, by one thread.
 */
final class ShapingWiring {
    /** An eighth of the packet memory may wait for a link, */
    private static final int PARTS_OF_LINK = 8;

    /** and a quarter for all links together. */
    private static final int PARTS_OF_ALL = 4;

    private final List<DataPlane.LinkSpec> links;
    private final int wanThreads;
    private final int slotsMax;
    private final long key;
    private final Map<String, List<LinkQueue>> queues = new LinkedHashMap<>();

    ShapingWiring(List<DataPlane.LinkSpec> links, int wanThreads, int poolSlots, int seed) {
        this.links = List.copyOf(links);
        this.wanThreads = wanThreads;
        int shaped = (int) links.stream().filter(link -> link.bitsPerSecond() > 0).count();
        int parts = Math.max(PARTS_OF_LINK, PARTS_OF_ALL * shaped) * wanThreads;
        slotsMax = Math.max(1, poolSlots / parts);
        key = FiveTuple.mix(seed);
    }

    /** Of a WAN agent; null: no link's bandwidth is known. */
    ShapedLinks of(AgentParts own) {
        LinkShaper[] shapers = new LinkShaper[links.size()];
        for (int i = 0; i < shapers.length; i++) {
            shapers[i] = shaper(links.get(i), own);
        }
        return queues.isEmpty() ? null : new ShapedLinks(shapers, own.forwarding(), own.drops());
    }

    private LinkShaper shaper(DataPlane.LinkSpec link, AgentParts own) {
        if (link.bitsPerSecond() == 0) {
            return null;
        }
        var config = new LinkShaper.Config(link.bitsPerSecond() / wanThreads, slotsMax, key);
        LinkShaper shaper = new LinkShaper(config, own.pool(), own.drops(), own.clock());
        queues.computeIfAbsent(link.name(), name -> new ArrayList<>()).add(shaper.state());
        return shaper;
    }

    /** By link, of each WAN agent. */
    Map<String, List<LinkQueue>> queues() {
        return Collections.unmodifiableMap(queues);
    }
}
