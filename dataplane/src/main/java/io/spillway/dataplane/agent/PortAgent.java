package io.spillway.dataplane.agent;

import io.spillway.dataplane.path.LanIngress;
import io.spillway.dataplane.path.PortDeparture;
import io.spillway.dataplane.port.LanPort;
import java.util.List;

/**
 * A port agent of {@link ThreadingMode#DEDICATED}: one queue of every LAN port's device. It reads,
 * decodes and writes; what is decided is the lan agent's.
 *
 * <p>Not thread safe: one thread calls everything.
 */
final class PortAgent extends LoopAgent {
    /** Without a deadline of its own. */
    private static final long SLEEP_MAX_NS = 1_000_000_000L;

    private final LanIngress[] ingresses;
    private final PortDeparture[] departures;
    private final Moderation moderation = new Moderation();

    /**
     * @param ports with this agent's queue as their device
     */
    PortAgent(
            AgentParts own,
            List<LanPort> ports,
            List<LanIngress> ingresses,
            List<PortDeparture> departures) {
        super(own, ports.stream().map(port -> new Door(port.device().fd(), port.ready())).toList());
        this.ingresses = ingresses.toArray(LanIngress[]::new);
        this.departures = departures.toArray(PortDeparture[]::new);
    }

    @Override
    int doWork() {
        long nowNs = own.readClock();
        int work = own.mailbox().drain(COMMANDS_PER_CYCLE_MAX);
        work += own.pool().takeHome();
        int frames = pollPorts(); // LAN port -> the lan agent
        int packets = pollDepartures(); // the lan agent -> LAN port
        moderation.note(frames, packets, nowNs);
        return work + frames + packets;
    }

    private int pollPorts() {
        int frames = 0;
        for (LanIngress ingress : ingresses) {
            frames += ingress.poll();
        }
        return frames;
    }

    private int pollDepartures() {
        int packets = 0;
        for (PortDeparture departure : departures) {
            packets += departure.poll();
        }
        return packets;
    }

    @Override
    boolean isDrained() {
        return doors.isDrained() && !isDeparting();
    }

    @Override
    boolean hasMail() {
        return isDeparting() || !own.mailbox().isEmpty();
    }

    private boolean isDeparting() {
        for (PortDeparture departure : departures) {
            if (!departure.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Override
    long deadlineNs() {
        return own.clock().nanoTime() + SLEEP_MAX_NS;
    }

    /** What the lan agent hands over has rested elsewhere. */
    @Override
    long restNs() {
        long streamNs = moderation.isFromLan() ? moderation.restNs() : 0;
        return Math.max(streamNs, own.shortageNs());
    }
}
