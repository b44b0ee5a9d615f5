package io.spillway.node.sim;

import io.spillway.crypto.PeerIdentity;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.ControlAgent;
import io.spillway.tap.DatagramDevice;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One running process: its data plane and control, turned by the simulation's one thread. */
abstract class SimNode {
    /** What a process is doing; a frozen one was sent SIGSTOP. */
    private enum State {
        RUNNING,
        FROZEN,
        DEAD
    }

    private static final int POOL_SLOTS = 256;
    private static final int CYCLES_MAX = 16;

    final SimWorld world;
    final PeerIdentity identity;
    final DataPlane dataPlane;
    final ControlAgent agent;
    final SimulatedHandshakes handshakes;
    final List<SimSocket> sockets = new ArrayList<>();
    private State state = State.RUNNING;

    SimNode(
            SimWorld world,
            PeerIdentity identity,
            List<InetSocketAddress> links,
            List<DataPlane.PortSpec> ports) {
        this.world = world;
        this.identity = identity;
        List<DataPlane.LinkSpec> specs = new ArrayList<>();
        for (InetSocketAddress link : links) {
            SimSocket socket = world.network().open(link);
            sockets.add(socket);
            List<DatagramDevice> devices = socket.devices(world.threading().wanThreads());
            specs.add(new DataPlane.LinkSpec("wan" + sockets.size(), devices));
        }
        dataPlane =
                new DataPlane(
                        world.threading(),
                        new DataPlane.Sizes(POOL_SLOTS),
                        world.random().nextInt(),
                        ports,
                        specs,
                        world.clock());
        agent = new ControlAgent(dataPlane.events(), world.clock());
        handshakes = new SimulatedHandshakes(world.clock(), identity, world.random().nextLong());
    }

    public long dropped(DropReason reason) {
        return dataPlane.counters().dropped(reason);
    }

    public boolean isRunning() {
        return state == State.RUNNING;
    }

    boolean isDead() {
        return state == State.DEAD;
    }

    public void freeze() {
        state = State.FROZEN;
    }

    public void unfreeze() {
        state = State.RUNNING;
    }

    /** Its sockets close, its memory goes. */
    void die() {
        state = State.DEAD;
        sockets.forEach(SimSocket::close);
        dataPlane.close();
    }

    void turn() {
        if (!isRunning()) {
            return;
        }
        dataPlane.ports().forEach(port -> port.ready().set());
        dataPlane.links().forEach(link -> link.ready().set());
        turnDataPlane();
        handshakes.poll();
        agent.doWork();
        turnDataPlane();
    }

    private void turnDataPlane() {
        int cycles = 0;
        while (dataPlane.doWork() > 0 && cycles < CYCLES_MAX) {
            cycles++;
        }
    }
}
