package io.spillway.dataplane.agent;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.Sim;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only a data plane with WAN threads of its own can get wrong; the crank turned by hand. */
class DedicatedTest {
    private static final byte[] DATA = Sim.text("between threads");

    private final SimulatedNetwork network = new SimulatedNetwork(Threading.dedicated(2), 128);
    private final SimulatedNode first = network.first;
    private final SimulatedNode second = network.second;

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void shouldCountARecordAtTheWrongThread() {
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));
        first.turn();
        List<byte[]> records = second.wan.takeUnreceived();
        second.wan.misdeliver(0, first.wan.localEndpoint(), records.getFirst());
        network.turn();

        assertNull(second.takeFromLan());
        assertEquals(1, second.dropped(DropReason.RECORD_WRONG_THREAD));

        second.wan.deliver(first.wan.localEndpoint(), records.getFirst());
        network.turn();

        assertNotNull(second.takeFromLan());
    }

    /** The lan agent hears last, whatever the order in which the agents are turned. */
    @Test
    void shouldKnowANewTunnelBeforeThereIsAPacketForIt() {
        List<LoopAgent> agents = first.plane.agents();
        LoopAgent lan = agents.getLast();
        Tunnel there = first.tunnelTo(second);
        Tunnel back = second.tunnelTo(first);
        network.rekey(first, there, second, back);
        second.publish(7, 1, 1);
        network.turn();
        first.publish(7, 2, 2);
        first.fromLan(0, udp("10.1.0.7", "10.2.0.7", 53, DATA));
        first.plane.ports().forEach(port -> port.ready().set());
        lan.doWork();
        network.turn();

        assertNotNull(second.takeFromLan());
        assertEquals(0, first.dropped(DropReason.TUNNEL_CLOSED));
    }

    @Test
    void shouldRefuseASessionThatLeadsToAnotherThread() {
        Tunnel ofSecondThread = first.tunnels.get(1);
        SessionPair pair = SessionPair.of(99, 0x4440, 0x4440);

        assertThrows(
                IllegalArgumentException.class,
                () -> first.plane.commands().installSession(ofSecondThread, pair.client()));
    }
}
