package io.spillway.routing.bfd;

import io.spillway.routing.fib.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * All sessions of a site, without sockets, threads or clock. The caller lets in packets only that
 * have come one hop (TTL 255, RFC 5881 section 5) or from a neighbour that is several away (RFC
 * 5883). Not thread safe; every call gives its actions to the consumer before it returns.
 */
public final class BfdSpeaker {
    private static final long FAR_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<BfdSession> sessions = new ArrayList<>();
    private long discarded;

    public BfdSpeaker(
            List<BfdConfig> neighbours,
            RandomGenerator random,
            Consumer<BfdAction> actions,
            long nowNs) {
        int first = random.nextInt(1, Integer.MAX_VALUE - neighbours.size());
        for (int i = 0; i < neighbours.size(); i++) {
            sessions.add(new BfdSession(i, neighbours.get(i), first + i, random, actions, nowNs));
        }
    }

    /** What is no packet, or of no session, is counted. The bytes stay the caller's. */
    public void onPacket(IpAddress source, byte[] bytes, int offset, int length, long nowNs) {
        BfdPacket packet = BfdPacket.decode(bytes, offset, length);
        BfdSession session = packet == null ? null : find(source, packet.yours());
        if (session == null) {
            discarded++;
        } else {
            session.onPacket(packet, nowNs);
        }
    }

    /** Also with the right discriminator, another's packet is none of the session's. */
    private BfdSession find(IpAddress source, int discriminator) {
        for (int i = 0; i < sessions.size(); i++) {
            BfdSession session = sessions.get(i);
            boolean isNamed = discriminator == 0 || discriminator == session.discriminator();
            if (isNamed && session.config().address().equals(source)) {
                return session;
            }
        }
        return null;
    }

    public void poll(long nowNs) {
        for (int i = 0; i < sessions.size(); i++) {
            sessions.get(i).poll(nowNs);
        }
    }

    /** When {@link #poll} has something to do. */
    public long deadlineNs(long nowNs) {
        long earliest = nowNs + FAR_NS;
        for (int i = 0; i < sessions.size(); i++) {
            earliest = sessions.get(i).earlier(earliest);
        }
        return earliest;
    }

    /** The end is on purpose: neighbours are told so. */
    public void stop(long nowNs) {
        sessions.forEach(session -> session.stop(nowNs));
    }

    public List<BfdView> neighbours() {
        return sessions.stream().map(BfdSession::view).toList();
    }

    /** Packets of nobody. */
    public long discarded() {
        return discarded;
    }
}
