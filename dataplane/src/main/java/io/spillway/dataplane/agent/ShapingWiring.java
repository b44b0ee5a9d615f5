package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketPool;
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
    /** Packet slots that a shaped link adds: after a stall many small packets come at once. */
    private static final int SLOTS_OF_LINK = 512;

    /** Of the whole packet memory half may wait for links. */
    private static final int PARTS_SHARED = 2;

    /** Where the lan agent has but half of it, which what waits is mostly of: half of that. */
    private static final int PARTS_DEDICATED = 4;

    private final List<DataPlane.LinkSpec> links;
    private final int wanThreads;
    private final int slots;
    private final int slotsMax;
    private final long key;
    private final Map<String, List<LinkQueue>> queues = new LinkedHashMap<>();

    ShapingWiring(List<DataPlane.LinkSpec> links, Threading threading, int poolSlots, int seed) {
        this.links = List.copyOf(links);
        wanThreads = threading.wanThreads();
        int shaped = (int) links.stream().filter(link -> link.bitsPerSecond() > 0).count();
        boolean isShared = threading.mode() == ThreadingMode.SHARED;
        int parts = (isShared ? PARTS_SHARED : PARTS_DEDICATED) * Math.max(1, shaped) * wanThreads;
        slots = Math.min(PacketPool.SLOT_COUNT_MAX, poolSlots + shaped * SLOTS_OF_LINK);
        slotsMax = Math.max(1, slots / parts);
        key = FiveTuple.mix(seed);
    }

    /** Of all packet memory. */
    int slots() {
        return slots;
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
