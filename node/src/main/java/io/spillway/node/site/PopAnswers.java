package io.spillway.node.site;

import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which PoP node a site is attached to, by which port, and what it tries. */
final class PopAnswers {
    private static final double NS_PER_S = 1e9;

    private PopAnswers() {}

    static void describe(ObjectNode pop, SitePops pops, long nowNs) {
        pop.put("configured", describe(pops.inUse()));
        pop.put("choice", pops.choice().state().name());
        List<ManagedTunnel> alive = pops.alive();
        if (!alive.isEmpty()) {
            pop.put("node", alive.getFirst().peer().name());
        }
        ArrayNode ports = pop.putArray("ports");
        alive.stream()
                .map(tunnel -> tunnel.tunnel().remote().getPort())
                .distinct()
                .forEach(ports::add);
        if (pops.tried() != null) {
            pop.put("tried", describe(pops.tried()));
        }
        long retryNs = pops.choice().retryRemainingNs(nowNs);
        if (retryNs > 0) {
            pop.put("preferredRetryS", retryNs / NS_PER_S);
        }
    }

    private static String describe(PopAddress pop) {
        return pop.name() + " at " + EndpointText.of(pop.tunnels().getFirst());
    }
}
