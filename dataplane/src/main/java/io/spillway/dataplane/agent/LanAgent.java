package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.path.LanArrival;
import io.spillway.dataplane.path.PortArrival;
import java.util.List;

/**
 * The lan agent of {@link ThreadingMode#DEDICATED}: ports, or what port agents read from them, and
 * the decisions about all packets, those that the WAN agents opened too.
 *
 * <p>Not thread safe: one thread calls everything.
 */
final class LanAgent extends LoopAgent {
    private final LanSide lan;
    private final NewsRing news;
    private final PortArrival[] fromPorts;
    private final PacketRing[] arriving;
    private final LanArrival[] arrivals;
    private final Moderation moderation = new Moderation();

    /**
     * @param fromPorts what each port agent fills
     * @param arriving what each WAN agent fills
     */
    LanAgent(
            AgentParts own,
            LanSide lan,
            NewsRing news,
            List<PortArrival> fromPorts,
            List<PacketRing> arriving) {
        super(own, lan.doors());
        this.lan = lan;
        this.news = news;
        this.fromPorts = fromPorts.toArray(PortArrival[]::new);
        this.arriving = arriving.toArray(PacketRing[]::new);
        arrivals =
                arriving.stream()
                        .map(ring -> new LanArrival(ring, lan.exits(), lan.decision()))
                        .toArray(LanArrival[]::new);
    }

    @Override
    int doWork() {
        long nowNs = own.readClock();
        int work = own.mailbox().drain(COMMANDS_PER_CYCLE_MAX);
        work += own.pool().takeHome();
        int frames = lan.pollLan(); // LAN and host port -> rings, or a WAN agent
        int packets = pollArrivals(); // a WAN agent -> rings, or a WAN agent
        moderation.note(frames, packets, nowNs);
        work += frames + packets;
        work += pollPortArrivals(); // a port agent -> rings, or a WAN agent
        work += lan.pollGateway(nowNs);
        work += lan.pollPorts(); // rings -> LAN and host port, or a port agent
        news.announce();
        return work;
    }

    private int pollPortArrivals() {
        int frames = 0;
        for (PortArrival arrival : fromPorts) {
            frames += arrival.poll();
        }
        return frames;
    }

    private int pollArrivals() {
        int packets = 0;
        for (LanArrival arrival : arrivals) {
            packets += arrival.poll();
        }
        return packets;
    }

    @Override
    boolean isDrained() {
        return doors.isDrained() && lan.isDrained() && !isArriving();
    }

    @Override
    boolean hasMail() {
        return isArriving() || !own.mailbox().isEmpty();
    }

    private boolean isArriving() {
        for (PortArrival arrival : fromPorts) {
            if (!arrival.isEmpty()) {
                return true;
            }
        }
        for (PacketRing ring : arriving) {
            if (!ring.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Override
    long deadlineNs() {
        return lan.deadlineNs();
    }

    /** What another agent hands over has rested there. */
    @Override
    long restNs() {
        long streamNs = moderation.isFromLan() ? moderation.restNs() : 0;
        return Math.max(streamNs, own.shortageNs());
    }
}
