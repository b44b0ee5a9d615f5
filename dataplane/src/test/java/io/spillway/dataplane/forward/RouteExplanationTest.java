package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what {@link Router} and {@link SourceGuard} do with such a packet. */
class RouteExplanationTest {
    private final ForwardFixture fixture = new ForwardFixture();

    @BeforeEach
    void bringTunnelsUp() {
        fixture.install(fixture.first, SessionPair.of(1, 1, 2).client());
        fixture.install(fixture.pop, SessionPair.of(2, 3, 4).client());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.0.8",
                "10.1.9.8",
                "10.1.0.1",
                "10.2.0.9",
                "10.3.0.9",
                "10.4.0.9",
                "10.5.0.9",
                "10.6.0.9",
                "10.9.0.9"
            })
    void shouldSayWhatTheRouterDoes(String destination) {
        assertSame(destination, null);

        fixture.publish(1, 0, List.of(fixture.second)); // which has no session
        assertSame(destination, null);

        fixture.publish(1, 0, new SiteExit(2, List.of(fixture.first, fixture.second), 0, false));
        fixture.install(fixture.second, SessionPair.of(3, 5, 6).client());
        assertSame(destination, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.8", "10.2.0.9", "10.9.0.9"})
    void shouldSendNothingFromAPopToAPop(String destination) {
        List<Tunnel> toPop = List.of(fixture.pop);
        fixture.publish(0, 0, SiteExit.atPop(2, toPop, List.of(), List.of(), false));
        assertSame(destination, fixture.pop);

        fixture.publish(0, 0, SiteExit.atPop(2, toPop, List.of(fixture.first), List.of(), false));
        assertSame(destination, fixture.pop);
    }

    @Test
    void shouldLetTheSourceGuardHaveItsSay() {
        byte[] foreign = udp("10.3.0.5", "10.1.0.8", 53, new byte[9]);
        PacketBuffer packet = fixture.fromTunnel(foreign, fixture.first);

        RouteExplanation said =
                RouteExplanation.of(fixture.view.current(), packet.tuple, 4, fixture.first, true);

        assertEquals(DropReason.SOURCE_NOT_FROM_PEER, said.drop());
    }

    private void assertSame(String destination, Tunnel ingress) {
        byte[] sent = udp("10.1.0.7", destination, 53, new byte[9]);
        PacketBuffer packet =
                ingress == null ? fixture.fromLan(sent) : fixture.fromTunnel(sent, ingress);
        packet.tuple.sourceLow = ingress == null ? packet.tuple.sourceLow : 0;
        RouteExplanation said =
                RouteExplanation.of(
                        fixture.view.current(), packet.tuple, packet.ipVersion, ingress, true);
        long before = said.drop() == null ? 0 : fixture.dropped(said.drop());

        PacketBuffer routed = fixture.route(packet);

        if (said.drop() != null) {
            assertNull(routed, said::toString);
            assertEquals(before + 1, fixture.dropped(said.drop()), said::toString);
            return;
        }
        List<Integer> exits = said.tunnels().stream().map(it -> Exit.tunnel(it.index())).toList();
        boolean isLocal = exits.isEmpty() && !Exit.isTunnel(routed.exit);
        assertTrue(isLocal || exits.contains(routed.exit), said::toString);
        fixture.pool.release(routed);
    }
}
