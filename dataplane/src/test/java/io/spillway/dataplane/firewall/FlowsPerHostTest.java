package io.spillway.dataplane.firewall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.dataplane.firewall.PlainPacket.Part;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.IpAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A host that begins too many flows hurts itself only, and is told so by explain. */
class FlowsPerHostTest {
    private static final int MAX = 20;
    private static final IpAddress FLOODER = RandomTraffic.host(true, 0, 5);
    private static final IpAddress OTHER = RandomTraffic.host(true, 0, 6);
    private static final IpAddress SERVER = RandomTraffic.host(true, 1, 5);

    @Test
    void shouldDropWhatAHostBeginsBeyondItsShareAndNothingElse() {
        try (FirewallWorld world = new FirewallWorld(new SplittableRandom(1), MAX)) {
            for (int port = 0; port < MAX; port++) {
                assertNull(world.walk(packet(0, FLOODER, SERVER, port, 53)).drop());
            }
            PlainPacket beyond = packet(0, FLOODER, SERVER, MAX, 53);
            PlainPacket known = packet(0, FLOODER, SERVER, 0, 53);

            assertEquals(DropReason.FIREWALL_HOST_FLOWS, world.rehearse(beyond).drop());
            assertEquals(DropReason.FIREWALL_HOST_FLOWS, world.walk(beyond).drop());
            assertNull(world.rehearse(known).drop());
            assertNull(world.walk(known).drop());
            assertNull(world.walk(packet(1, SERVER, FLOODER, 53, 0)).drop(), "an answer");
            assertNull(world.walk(packet(1, SERVER, FLOODER, 99, 99)).drop(), "another's flow");
            assertNull(world.rehearse(packet(0, OTHER, SERVER, 0, 53)).drop());
            assertNull(world.walk(packet(0, OTHER, SERVER, 0, 53)).drop(), "another host");
        }
    }

    private static PlainPacket packet(
            int network, IpAddress source, IpAddress destination, int sourcePort, int port) {
        return new PlainPacket(
                network,
                1,
                source,
                destination,
                PlainPacket.UDP,
                port,
                sourcePort,
                0,
                Part.WHOLE,
                0,
                null);
    }
}
