package io.spillway.node.metrics;

import io.spillway.control.recovery.Liveness;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.node.tunnel.ManagedTunnel;

/** The figures of a tunnel, the same at sites and PoPs. On control's thread. */
public final class TunnelMetrics {
    private static final double NS_PER_S = 1e9;

    private TunnelMetrics() {}

    /**
     * @param labels the tunnel's
     */
    public static void add(Scrape scrape, Labels labels, ManagedTunnel managed, long nowNs) {
        Liveness liveness = managed.liveness();
        if (!isAwaitingFirstAnswer(managed)) {
            scrape.add(Metric.TUNNEL_UP, labels, managed.isAlive());
        }
        liveness.roundTripNs()
                .ifPresent(ns -> scrape.add(Metric.TUNNEL_ROUND_TRIP_SECONDS, labels, seconds(ns)));
        liveness.jitterNs()
                .ifPresent(ns -> scrape.add(Metric.TUNNEL_JITTER_SECONDS, labels, seconds(ns)));
        liveness.loss(nowNs).ifPresent(loss -> scrape.add(Metric.TUNNEL_LOSS_RATIO, labels, loss));
        addTraffic(scrape, labels, managed.tunnel());
    }

    /** It may live. */
    private static boolean isAwaitingFirstAnswer(ManagedTunnel managed) {
        return managed.hasSession() && managed.liveness().state() == Liveness.State.UNKNOWN;
    }

    private static double seconds(long ns) {
        return ns / NS_PER_S;
    }

    private static void addTraffic(Scrape scrape, Labels labels, Tunnel tunnel) {
        if (tunnel.mtu() > 0) {
            scrape.add(Metric.TUNNEL_MTU_BYTES, labels, tunnel.mtu());
        }
        TrafficCounter sent = tunnel.packetsSent();
        scrape.add(Metric.TUNNEL_SENT_PACKETS_TOTAL, labels, sent.packets());
        scrape.add(Metric.TUNNEL_SENT_BYTES_TOTAL, labels, sent.bytes());
        TrafficCounter received = tunnel.packetsReceived();
        scrape.add(Metric.TUNNEL_RECEIVED_PACKETS_TOTAL, labels, received.packets());
        scrape.add(Metric.TUNNEL_RECEIVED_BYTES_TOTAL, labels, received.bytes());
    }
}
