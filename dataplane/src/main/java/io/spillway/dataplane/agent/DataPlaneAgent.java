package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.ForwardingView;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.ProbeResponder;
import io.spillway.dataplane.forward.SessionTable;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.LanEgress;
import io.spillway.dataplane.path.LanIngress;
import io.spillway.dataplane.path.WanEgress;
import io.spillway.dataplane.path.WanIngress;
import io.spillway.dataplane.port.Gateway;
import io.spillway.dataplane.wan.DatagramSender;
import io.spillway.tap.EndpointAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Owns ports, sockets, tunnels, sessions and flows, and runs packets to completion: one call of
 * {@link #doWork} drains commands, then every door once.
 *
 * <p>Not thread safe: one thread calls everything, but for {@link #commands} and {@link #events}.
 */
public final class DataPlaneAgent {
    private static final int COMMANDS_PER_CYCLE_MAX = 64;
    private static final int RECYCLED_PER_CYCLE_MAX = 256;

    /** Batches sealed in one cycle, so that a flood cannot keep the doors shut. */
    private static final int TUNNEL_BATCHES_PER_CYCLE_MAX = 64;

    /** What a cycle's doors bring at most fits in as many batches. */
    private static final int PORT_BATCHES_PER_CYCLE_MAX = 8;

    private final NanoClock realClock;
    private final CachedNanoClock clock;
    private final DataPlaneCommands commands = new DataPlaneCommands(this);
    private final ControlEvents events;
    private final PacketPool pool;
    private final PacketRing recycled;
    private final ForwardingView forwarding;
    private final SessionTable sessions;
    private final ProbeResponder probes;
    private final DatagramSender sender;
    private final Gateway gateway;
    private final LanIngress[] lanIngress;
    private final WanIngress[] wanIngress;
    private final WanEgress wanEgress;
    private final LanEgress[] lanEgress;
    private final ReadyFlag[] doors;
    private final Moderation moderation = new Moderation();
    private final DatagramBatch single = new DatagramBatch();
    private final UnsafeBuffer remoteEndpoint =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));

    DataPlaneAgent(NanoClock realClock, CachedNanoClock clock, DataPlaneParts parts) {
        this.realClock = realClock;
        this.clock = clock;
        events = parts.events();
        pool = parts.pool();
        recycled = parts.recycled();
        forwarding = parts.forwarding();
        sessions = parts.sessions();
        probes = parts.probes();
        sender = parts.sender();
        gateway = parts.gateway();
        lanIngress = parts.lanIngress().toArray(LanIngress[]::new);
        wanIngress = parts.wanIngress().toArray(WanIngress[]::new);
        wanEgress = parts.wanEgress();
        lanEgress = parts.lanEgress().toArray(LanEgress[]::new);
        doors = parts.doors().toArray(ReadyFlag[]::new);
    }

    /** Everything the agent turns; made by {@link DataPlane}. */
    record DataPlaneParts(
            ControlEvents events,
            PacketPool pool,
            PacketRing recycled,
            ForwardingView forwarding,
            SessionTable sessions,
            ProbeResponder probes,
            DatagramSender sender,
            Gateway gateway,
            List<LanIngress> lanIngress,
            List<WanIngress> wanIngress,
            WanEgress wanEgress,
            List<LanEgress> lanEgress,
            List<ReadyFlag> doors) {}

    public DataPlaneCommands commands() {
        return commands;
    }

    public ControlEvents events() {
        return events;
    }

    /** One duty cycle. Returns what was done; 0 means that sleeping is right. */
    public int doWork() {
        clock.update(realClock.nanoTime()); // the only clock read
        int work = commands.drain(COMMANDS_PER_CYCLE_MAX);
        work += takeRecycled();
        int lan = pollLan(); // LAN and host port -> rings
        int wan = pollWan(); // WAN -> rings
        moderation.note(lan, wan, clock.nanoTime());
        work += lan + wan;
        work += pollTunnels(); // rings -> WAN
        work += gateway.poll(clock.nanoTime());
        work += pollPorts(); // rings -> LAN and host port
        events.announce();
        return work;
    }

    /** Nothing waits at a door or in a ring: what comes next, an event will tell. */
    boolean isDrained() {
        for (ReadyFlag door : doors) {
            if (door.isReady()) {
                return false;
            }
        }
        for (LanEgress egress : lanEgress) {
            if (!egress.isDrained()) {
                return false;
            }
        }
        return wanEgress.isDrained();
    }

    /** The next cycle looks at every door, whether or not an event told of it. */
    void lookEverywhere() {
        for (ReadyFlag door : doors) {
            door.set();
        }
    }

    /** When {@link #doWork} has something to do although nothing arrives; agent's nanoseconds. */
    public long deadlineNs() {
        return gateway.deadlineNs();
    }

    /** How long to rest although packets may come ({@link Moderation}); 0: not at all. */
    long restNs() {
        return moderation.restNs();
    }

    void onPublish(Forwarding next) {
        forwarding.publish(next);
    }

    void onInstallSession(Tunnel tunnel, Session session) {
        if (sessions.add(session, tunnel)) {
            tunnel.install(session);
        } else {
            session.close();
        }
    }

    void onRemoveSession(Session session) {
        sessions.remove(session);
    }

    void onCloseTunnel(Tunnel tunnel) {
        sessions.removeAll(tunnel);
    }

    void onSendDatagram(int link, InetSocketAddress remote, byte[] datagram) {
        EndpointAddress.encode(remote, remoteEndpoint.addressOffset());
        single.start(link, remoteEndpoint.addressOffset());
        single.memory().putBytes(single.nextOffset(), datagram);
        single.append(datagram.length);
        sender.send(single);
    }

    void onSendProbe(Tunnel tunnel, Probe probe) {
        probes.send(tunnel, probe, clock.nanoTime());
    }

    void onSendClose(Tunnel tunnel) {
        probes.sendClose(tunnel);
        pollTunnels(); // before the next command takes the session away
    }

    private int pollLan() {
        int frames = 0;
        for (LanIngress ingress : lanIngress) {
            frames += ingress.poll();
        }
        return frames;
    }

    private int pollWan() {
        int datagrams = 0;
        for (WanIngress ingress : wanIngress) {
            datagrams += ingress.poll();
        }
        return datagrams;
    }

    private int pollTunnels() {
        int work = 0;
        for (int i = 0; i < TUNNEL_BATCHES_PER_CYCLE_MAX; i++) {
            int polled = wanEgress.poll();
            if (polled == 0) {
                break;
            }
            work += polled;
        }
        return work;
    }

    private int pollPorts() {
        int work = 0;
        for (LanEgress egress : lanEgress) {
            int polled = LanEgress.PACKETS_MAX;
            for (int i = 0;
                    i < PORT_BATCHES_PER_CYCLE_MAX && polled == LanEgress.PACKETS_MAX;
                    i++) {
                polled = egress.poll();
                work += polled;
            }
        }
        return work;
    }

    private int takeRecycled() {
        int taken = 0;
        while (taken < RECYCLED_PER_CYCLE_MAX) {
            PacketBuffer buffer = recycled.poll();
            if (buffer == null) {
                break;
            }
            pool.release(buffer);
            taken++;
        }
        return taken;
    }
}
