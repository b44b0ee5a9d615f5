package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.control.directory.TunnelPlan;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerTunnelsTest {
    private final PeerTunnels tunnels = new PeerTunnels();

    @Test
    void shouldGiveEverySiteItsTurn() {
        for (long siteId = 1; siteId <= 5; siteId++) {
            tunnels.put(new TunnelPlan.Key(0, siteId, 0), null);
        }

        assertEquals(Set.of(1L, 2L), tunnels.nextSites(2));
        assertEquals(Set.of(3L, 4L), tunnels.nextSites(2));
        assertEquals(Set.of(5L, 1L), tunnels.nextSites(2));
        tunnels.remove(new TunnelPlan.Key(0, 2, 0));
        assertEquals(Set.of(3L, 4L), tunnels.nextSites(2));
    }

    @Test
    void shouldGiveAllTheirTurnAtOnceWhereTheyAreFew() {
        tunnels.put(new TunnelPlan.Key(0, 7, 0), null);
        tunnels.put(new TunnelPlan.Key(0, -1, 0), null);
        tunnels.put(new TunnelPlan.Key(1, 7, 0), null);

        assertEquals(Set.of(7L, -1L), tunnels.nextSites(2));
        assertEquals(Set.of(7L, -1L), tunnels.nextSites(2));
        assertEquals(Set.of(), new PeerTunnels().nextSites(2));
    }
}
