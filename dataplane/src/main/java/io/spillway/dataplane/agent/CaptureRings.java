package io.spillway.dataplane.agent;

import io.spillway.dataplane.observe.CapturePlan;
import io.spillway.dataplane.observe.CaptureRing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One capture of a data plane: a ring from each agent, which copies into it from {@link #start}
 * until it has heard of {@link #stop}.
 *
 * <p>Owned by who captures, one thread.
 */
public final class CaptureRings implements AutoCloseable {
    /** Of all rings together, if agents are few. */
    private static final int LENGTH = 16 << 20;

    private final List<AgentParts> agents;
    private final List<CaptureRing> rings = new ArrayList<>();
    private final AtomicInteger copying = new AtomicInteger();

    CaptureRings(List<AgentParts> agents, CapturePlan plan) {
        this.agents = List.copyOf(agents);
        int length =
                Math.max(CaptureRing.LENGTH_MIN, Integer.highestOneBit(LENGTH / agents.size()));
        agents.forEach(agent -> rings.add(new CaptureRing(plan, length)));
    }

    public List<CaptureRing> rings() {
        return rings;
    }

    /**
     * Returns at once; false when an agent is too busy to hear of it, and then only stop is left.
     */
    public boolean start() {
        for (int i = 0; i < agents.size(); i++) {
            AgentParts agent = agents.get(i);
            CaptureRing ring = rings.get(i);
            copying.incrementAndGet();
            if (!agent.mailbox().offer(() -> agent.capture().start(ring))) {
                copying.decrementAndGet();
                return false;
            }
        }
        return true;
    }

    /** Returns at once; false when an agent is too busy to hear of it, and is to be told again. */
    public boolean stop() {
        boolean isTold = true;
        for (int i = 0; i < agents.size(); i++) {
            AgentParts agent = agents.get(i);
            CaptureRing ring = rings.get(i);
            isTold &= agent.mailbox().offer(() -> onStop(agent, ring));
        }
        return isTold;
    }

    private void onStop(AgentParts agent, CaptureRing ring) {
        if (agent.capture().stop(ring)) {
            copying.decrementAndGet();
        }
    }

    /** Whether no agent touches a ring any more. */
    public boolean isStopped() {
        return copying.get() == 0;
    }

    /** Packets of a place that found no room in their agent's ring. */
    public long lost(int place) {
        return rings.stream().mapToLong(ring -> ring.lost(place)).sum();
    }

    /** Frees the memory, unless an agent has not stopped: it is as good as dead. */
    @Override
    public void close() {
        if (isStopped()) {
            rings.forEach(CaptureRing::close);
        }
    }
}
