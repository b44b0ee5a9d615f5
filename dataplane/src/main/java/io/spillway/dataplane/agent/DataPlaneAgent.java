package io.spillway.dataplane.agent;

import java.util.stream.Stream;

/**
 * The only agent of {@link ThreadingMode#SHARED}: both sides of the data plane, run to completion.
 * One call of {@link #doWork} drains commands, then every door once.
 *
 * <p>Not thread safe: one thread calls everything.
 */
final class DataPlaneAgent extends LoopAgent {
    private final LanSide lan;
    private final WanSide wan;
    private final NewsRing news;
    private final Moderation moderation = new Moderation();

    DataPlaneAgent(AgentParts own, LanSide lan, WanSide wan, NewsRing news) {
        super(own, Stream.concat(lan.doors().stream(), wan.doors().stream()).toList());
        this.lan = lan;
        this.wan = wan;
        this.news = news;
    }

    @Override
    int doWork() {
        long nowNs = own.readClock();
        int work = own.mailbox().drain(COMMANDS_PER_CYCLE_MAX);
        work += own.pool().takeHome();
        int frames = lan.pollLan(); // LAN and host port -> rings
        int datagrams = wan.pollWan(); // WAN -> rings
        moderation.note(frames, datagrams, nowNs);
        work += frames + datagrams;
        work += wan.pollTunnels(); // rings -> WAN
        work += lan.pollGateway(nowNs);
        work += lan.pollPorts(); // rings -> LAN and host port
        news.announce();
        return work;
    }

    @Override
    boolean isDrained() {
        return doors.isDrained() && lan.isDrained() && wan.isDrained();
    }

    @Override
    boolean hasMail() {
        return !own.mailbox().isEmpty();
    }

    @Override
    long deadlineNs() {
        return wan.soonest(lan.deadlineNs());
    }

    @Override
    long restNs() {
        return Math.max(moderation.restNs(), own.shortageNs());
    }
}
