package io.spillway.node;

import io.spillway.crypto.Certificates;
import io.spillway.node.tunnel.ManagedTunnel;
import tools.jackson.databind.node.ObjectNode;

/** How a tunnel is shown, the same at sites and PoPs. Nothing is shown before it is known. */
public final class TunnelAnswers {
    private static final double NS_PER_MS = 1e6;
    private static final long NS_PER_S = 1_000_000_000L;

    private TunnelAnswers() {}

    public static void describe(ObjectNode node, ManagedTunnel managed, long nowNs) {
        var tunnel = managed.tunnel();
        node.put("remote", tunnel.remote().getAddress().getHostAddress() + ":" + port(managed));
        node.put("state", managed.hasSession() ? managed.liveness().state().name() : "CONNECTING");
        if (managed.peer() != null && managed.peer().certificate() != null) {
            node.put("peerAuthority", Certificates.authorityOf(managed.peer().certificate()));
        }
        managed.liveness()
                .roundTripNs()
                .ifPresent(ns -> node.put("rttMs", Math.round(ns / NS_PER_MS * 1000) / 1000.0));
        managed.liveness()
                .jitterNs()
                .ifPresent(ns -> node.put("jitterMs", Math.round(ns / NS_PER_MS * 1000) / 1000.0));
        managed.liveness()
                .loss(nowNs)
                .ifPresent(loss -> node.put("lossPercent", Math.round(loss * 1000) / 10.0));
        if (tunnel.mtu() > 0) {
            node.put("mtu", tunnel.mtu());
            node.put("mtuState", managed.pathMtu().state().name());
            node.put("mtuSinceS", (nowNs - managed.pathMtu().changedNs()) / NS_PER_S);
        }
        node.put("packetsSent", tunnel.packetsSent().packets());
        node.put("packetsReceived", tunnel.packetsReceived().packets());
        node.put("bytesSent", tunnel.packetsSent().bytes());
        node.put("bytesReceived", tunnel.packetsReceived().bytes());
        if (!managed.lastFailure().isEmpty()) {
            node.put("lastFailure", managed.lastFailure());
        }
    }

    private static int port(ManagedTunnel managed) {
        return managed.tunnel().remote().getPort();
    }
}
