package io.spillway.dataplane.agent;

import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.forward.Exits;
import io.spillway.dataplane.path.WanDeparture;

/**
 * A WAN agent of {@link ThreadingMode#DEDICATED}: a socket on every link, the tunnels of its
 * thread, their sessions.
 *
 * <p>Not thread safe: one thread calls everything.
 */
final class WanAgent extends LoopAgent {
    private final WanSide wan;
    private final NewsRing news;
    private final PacketRing departing;
    private final WanDeparture departure;
    private final Moderation moderation = new Moderation();

    /**
     * @param departing what the lan agent fills
     */
    WanAgent(AgentParts own, WanSide wan, NewsRing news, PacketRing departing, Exits exits) {
        super(own, wan.doors());
        this.wan = wan;
        this.news = news;
        this.departing = departing;
        departure = new WanDeparture(departing, exits);
    }

    @Override
    int doWork() {
        long nowNs = own.readClock();
        int packets = departure.poll();
        int work = own.mailbox().drain(COMMANDS_PER_CYCLE_MAX);
        work += own.pool().takeHome();
        departure.offer(); // the lan agent -> rings
        int datagrams = wan.pollWan(); // WAN -> the lan agent
        moderation.note(packets, datagrams, nowNs);
        work += packets + datagrams;
        work += wan.pollTunnels(); // rings -> WAN
        news.announce();
        return work;
    }

    @Override
    boolean isDrained() {
        return doors.isDrained() && wan.isDrained() && departing.isEmpty();
    }

    @Override
    boolean hasMail() {
        return !departing.isEmpty() || !own.mailbox().isEmpty();
    }

    @Override
    long deadlineNs() {
        return wan.soonest(super.deadlineNs());
    }

    /** What the lan agent hands over has rested there. */
    @Override
    long restNs() {
        long streamNs = moderation.isFromLan() ? 0 : moderation.restNs();
        return Math.max(streamNs, own.shortageNs());
    }
}
