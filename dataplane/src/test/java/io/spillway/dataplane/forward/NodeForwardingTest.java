package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A PoP node with another one behind the tunnel {@code pop}: site 2 is here, site 3 there, site 4
 * there too and still here by {@code second}.
 */
class NodeForwardingTest {
    private final ForwardFixture fixture = new ForwardFixture();
    private final Tunnel node = fixture.pop;

    @BeforeEach
    void publish() {
        fixture.install(node, SessionPair.of(0, 5, 6).client());
        fixture.install(fixture.first, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.second, SessionPair.of(2, 3, 4).client());
        Forwarding atSite = fixture.view.current();
        List<Tunnel> none = List.of();
        fixture.view.publish(
                new Forwarding(
                        2,
                        0,
                        0,
                        atSite.fib(),
                        List.of(
                                SiteExit.atPop(2, List.of(fixture.first), none, none, false),
                                SiteExit.atPop(3, List.of(node), none, List.of(node), false),
                                SiteExit.atPop(
                                        4,
                                        List.of(node),
                                        List.of(fixture.second),
                                        List.of(node),
                                        false)),
                        atSite.tunnels(),
                        LocalAddresses.NONE));
    }

    @Test
    void shouldTakeFromANodeOnlyWhatItsSitesSend() {
        assertEquals(1, guard("10.3.0.8"));
        assertEquals(1, guard("10.4.0.8"));
        assertEquals(0, guard("10.2.0.8"), "that site is here");
        assertEquals(0, guard("10.9.0.8"), "nobody's");
        assertEquals(2, fixture.dropped(DropReason.SOURCE_NOT_FROM_PEER));
    }

    @Test
    void shouldHandOnOnceAndNeverBackToANode() {
        assertEquals(Exit.tunnel(node.index()), route("10.3.0.8", fixture.first).exit);
        assertEquals(Exit.tunnel(fixture.first.index()), route("10.2.0.8", node).exit);
        assertNull(route("10.3.0.8", node));
        assertEquals(1, fixture.dropped(DropReason.ROUTE_BACK_TO_POP));
    }

    /** It moves: what the node sends for it still reaches it from here. */
    @Test
    void shouldUseTheSitesOwnTunnelForWhatCameFromANode() {
        assertEquals(Exit.tunnel(fixture.second.index()), route("10.4.0.8", node).exit);
        assertEquals(Exit.tunnel(node.index()), route("10.4.0.8", fixture.first).exit);
    }

    @Test
    void shouldHandProbesOnByTheSameRules() {
        fixture.probes.onProbe(probe(3, 2, node));
        fixture.probes.onProbe(probe(2, 3, fixture.first));
        fixture.probes.onProbe(probe(3, 4, node));
        assertEquals(0, fixture.dropped(DropReason.PROBE_FOREIGN_ORIGIN));
        assertEquals(0, fixture.dropped(DropReason.PROBE_NO_PATH));

        fixture.probes.onProbe(probe(2, 4, node));
        assertEquals(1, fixture.dropped(DropReason.PROBE_FOREIGN_ORIGIN), "that site is here");
        fixture.probes.onProbe(probe(4, 3, node));
        assertEquals(1, fixture.dropped(DropReason.PROBE_NO_PATH), "back to the node");
    }

    private PacketBuffer probe(long origin, long destination, Tunnel from) {
        PacketBuffer content = fixture.buffer(new byte[ProbeHeader.LENGTH]);
        ProbeHeader.origin(content.memory(), content.offset(), origin);
        ProbeHeader.destination(content.memory(), content.offset(), destination);
        content.contentType = ContentType.PROBE;
        content.ingressTunnel = from.index();
        return content;
    }

    private int guard(String source) {
        fixture.batch.clear();
        fixture.batch.add(fixture.fromTunnel(udp(source, "10.2.0.8", 53, new byte[4]), node));
        fixture.guard.process(fixture.batch);
        return fixture.batch.size();
    }

    private PacketBuffer route(String destination, Tunnel from) {
        byte[] packet = udp("10.2.0.9", destination, 53, new byte[4]);
        return fixture.route(fixture.fromTunnel(packet, from));
    }
}
