package io.spillway.dataplane.agent;

import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.sim.SessionPair;
import io.spillway.dataplane.sim.SimulatedLink;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;

/**
 * Two sites and a PoP, every pair joined by a tunnel with a session; the clock is moved by hand.
 *
 * <pre>
 *            PoP
 *      0   /     \   0          tunnel indexes as each site numbers them;
 *   site 1 ------- site 2       at the PoP: 0 to site 1, 1 to site 2
 *        1         1
 * </pre>
 */
final class SimulatedNetwork implements AutoCloseable {
    static final int BY_POP = 0;
    static final int DIRECTLY = 1;

    final SimulatedLink.Network internet = new SimulatedLink.Network();
    final CachedNanoClock clock = new CachedNanoClock();
    final SimulatedNode pop;
    final SimulatedNode first;
    final SimulatedNode second;
    private int key;

    SimulatedNetwork(Threading threading, int poolSlots) {
        pop = new SimulatedNode(0, threading, poolSlots, internet.link("203.0.113.1", 443), clock);
        first =
                new SimulatedNode(
                        1, threading, poolSlots, internet.link("198.51.100.1", 20060), clock);
        second =
                new SimulatedNode(
                        2, threading, poolSlots, internet.link("198.51.100.2", 20060), clock);
        join(first, pop);
        join(second, pop);
        join(first, second);
        pop.publish(1, 0, 1);
        route(DIRECTLY);
        turn();
        heard(first, pop);
        heard(second, pop);
        heard(first, second);
        turn();
        first.greet("10.1.0.7", 0);
        first.greet("10.1.30.7", 30);
        second.greet("10.2.0.7", 0);
        turn();
        nodes().forEach(node -> emptyLan(node));
    }

    /** All modes, for tests that must pass in each. */
    static List<Threading> threadings() {
        return List.of(
                Threading.SHARED,
                Threading.dedicated(1),
                Threading.dedicated(2),
                Threading.dedicated(2, 2));
    }

    /** Both sites send to each other by the tunnel of this index. */
    void route(int tunnel) {
        first.publish(clock.nanoTime() + 2, tunnel, tunnel);
        second.publish(clock.nanoTime() + 2, tunnel, tunnel);
    }

    private void join(SimulatedNode client, SimulatedNode server) {
        rekey(client, client.tunnelTo(server), server, server.tunnelTo(client));
    }

    /** Installs fresh sessions, which an earlier handshake would have yielded. */
    void rekey(SimulatedNode client, Tunnel there, SimulatedNode server, Tunnel back) {
        key++;
        SessionPair pair =
                SessionPair.of(key, connectionId(key, there), connectionId(50 + key, back));
        client.install(there, pair.client());
        server.install(back, pair.server());
    }

    /** Its low bits lead to the tunnel's WAN thread. */
    private int connectionId(int index, Tunnel tunnel) {
        return 0x1000_0000 * key | index << 4 | tunnel.wanThread();
    }

    /** The client's first record, which lets the server seal. */
    void heard(SimulatedNode client, SimulatedNode server) {
        for (Tunnel tunnel : client.tunnels) {
            if (tunnel.siteId() == server.siteId) {
                client.plane.commands().sendProbe(tunnel, Probe.of(0, 1, 0));
            }
        }
    }

    /** Turns every node until all rest. */
    void turn() {
        for (int i = 0; i < 6; i++) {
            nodes().forEach(SimulatedNode::turn);
        }
    }

    void pass(long nanoseconds) {
        clock.update(clock.nanoTime() + nanoseconds);
    }

    List<SimulatedNode> nodes() {
        return List.of(first, pop, second);
    }

    private static void emptyLan(SimulatedNode node) {
        while (node.lan.take() != null) {
            node.host.take();
        }
    }

    @Override
    public void close() {
        nodes().forEach(SimulatedNode::close);
    }
}
