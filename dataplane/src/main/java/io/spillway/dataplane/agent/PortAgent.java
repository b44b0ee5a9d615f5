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
    private final LanIngress[] ingresses;
    private final PortDeparture[] departures;

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
        own.readClock();
        int work = own.mailbox().drain(COMMANDS_PER_CYCLE_MAX);
        work += own.pool().takeHome();
        work += pollPorts(); // LAN port -> the lan agent
        work += pollDepartures(); // the lan agent -> LAN port
        return work;
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

    /** No stream is moderated: the other half of a dialogue may be another port agent's. */
    @Override
    long restNs() {
        return own.shortageNs();
    }
}
