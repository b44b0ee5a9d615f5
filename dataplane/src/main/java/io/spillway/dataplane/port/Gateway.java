package io.spillway.dataplane.port;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.ArpResponder;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.MacAddress;
import io.spillway.dataplane.header.NeighbourDiscovery;
import io.spillway.dataplane.observe.DropReason;
import java.util.List;
import org.agrona.concurrent.NanoClock;

/**
 * The LANs' default gateway towards its neighbours: answers ARP and neighbour discovery, asks for
 * neighbours that packets wait for, announces itself. What it says are new frames in the ring of
 * the port they leave by. DHCP it passes on between them and the host port.
 *
 * <p>Owned by the lan agent.
 */
public final class Gateway implements NeighbourMessages, NeighbourTable.Listener {
    private static final int NEIGHBOURS_MAX = 4096;

    /** Packets that wait for neighbours; of a small pool at most a quarter. */
    private static final int WAITING_MAX = 64;

    /** Between the bounds of RFC 4861 §6.2.1, well inside the advertised lifetime of 1800 s. */
    private static final long ADVERTISE_INTERVAL_NS = 200_000_000_000L;

    /** The first advertisements come faster (RFC 4861 §6.2.4), as do the gratuitous ARPs. */
    private static final long ANNOUNCE_INTERVAL_NS = 2_000_000_000L;

    private static final int ANNOUNCEMENTS = 3;

    private final List<LanPort> ports;
    private final List<LanInterface> lans;
    private final LanNeighbours[] neighbours;
    private final NeighbourTable table;
    private final PacketPool pool;
    private final Drops drops;
    private final NanoClock clock;
    private int announcementsLeft = ANNOUNCEMENTS;
    private long announceDeadlineNs;

    /**
     * @param ports by port index
     * @param lans by LAN interface index
     */
    public Gateway(
            List<LanPort> ports,
            List<LanInterface> lans,
            PacketPool pool,
            Drops drops,
            NanoClock clock) {
        this.ports = List.copyOf(ports);
        this.lans = List.copyOf(lans);
        this.pool = pool;
        this.drops = drops;
        this.clock = clock;
        int waitingMax = Math.clamp(pool.slotCount() / 4, 1, WAITING_MAX);
        table = new NeighbourTable(NEIGHBOURS_MAX, waitingMax, this);
        neighbours = new LanNeighbours[lans.size()];
        for (LanInterface lan : lans) {
            neighbours[lan.index()] =
                    new LanNeighbours(lan.index(), lan.addresses(), lan.advertisement(), table);
        }
        announceDeadlineNs = clock.nanoTime();
    }

    /** Repeats requests, announces; returns what there was to do. */
    public int poll(long nowNs) {
        int work = table.poll(nowNs);
        if (nowNs - announceDeadlineNs >= 0) {
            announce(nowNs);
            work++;
        }
        return work;
    }

    /** When {@link #poll} next has something to do. */
    public long deadlineNs() {
        long requests = table.nextDeadlineNs();
        return requests == NeighbourTable.NO_DEADLINE || requests - announceDeadlineNs > 0
                ? announceDeadlineNs
                : requests;
    }

    /**
     * Takes all: neighbours' messages that port agents read, which are ARP unless they are of IPv6,
     * or of IPv4: DHCP.
     */
    public void process(PacketBatch messages) {
        for (int i = 0; i < messages.size(); i++) {
            PacketBuffer frame = messages.get(i);
            LanInterface lan = lans.get(frame.ingressInterface);
            switch (frame.ipVersion) {
                case 6 -> onNeighbourDiscovery(frame, lan);
                case 4 -> onDhcpRequest(frame, lan);
                default -> onArp(frame, lan);
            }
        }
        messages.clear();
    }

    @Override
    public void onArp(PacketBuffer frame, LanInterface lan) {
        PacketBuffer answer = acquire();
        if (answer != null) {
            int length =
                    neighbours[lan.index()].onArp(
                            frame.memory(),
                            frame.offset(),
                            frame.length(),
                            clock.nanoTime(),
                            answer.memory(),
                            answer.offset());
            offer(answer, length, lan);
        }
        pool.release(frame);
    }

    /** Whether an IPv6 packet is one that {@link #onNeighbourDiscovery} takes. */
    static boolean isNeighbourDiscovery(PacketBuffer frame) {
        if (frame.length() < Ipv6Header.LENGTH + Icmpv6Header.LENGTH
                || Ipv6Header.nextHeader(frame.memory(), frame.offset()) != Icmpv6Header.PROTOCOL) {
            return false;
        }
        int type = Icmpv6Header.type(frame.memory(), frame.offset() + Ipv6Header.LENGTH);
        return type >= Icmpv6Header.ROUTER_SOLICITATION && type <= Icmpv6Header.REDIRECT;
    }

    @Override
    public void onNeighbourDiscovery(PacketBuffer frame, LanInterface lan) {
        PacketBuffer answer = acquire();
        if (answer != null) {
            int length =
                    neighbours[lan.index()].onDiscovery(
                            frame.memory(),
                            frame.offset(),
                            frame.length(),
                            frame.ingressMac,
                            clock.nanoTime(),
                            answer.memory(),
                            answer.offset());
            offer(answer, length, lan);
        }
        pool.release(frame);
    }

    @Override
    public void onDhcpRequest(PacketBuffer frame, LanInterface lan) {
        LanPort host = hostPort();
        if (host == null || !DhcpDoor.toHost(frame, lan.addresses().ipv4(0))) {
            drops.drop(frame, DropReason.DHCP_MALFORMED);
        } else if (!host.ring().offer(frame)) {
            drops.drop(frame, DropReason.RING_FULL);
        }
    }

    private LanPort hostPort() {
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i).isHost()) {
                return ports.get(i);
            }
        }
        return null;
    }

    @Override
    public void onDhcpReply(PacketBuffer packet) {
        LanInterface lan = lanOfGateway(Ipv4Header.source(packet.memory(), packet.offset()));
        long mac = lan == null ? MacAddress.NONE : DhcpDoor.destinationOf(packet);
        if (mac == MacAddress.NONE) {
            drops.drop(packet, DropReason.DHCP_MALFORMED);
            return;
        }
        packet.ipVersion = 4;
        packet.egressInterface = lan.index();
        packet.nextHopMac = mac;
        offer(packet, lan);
    }

    /** The one whose DHCP clients hear that address. */
    private LanInterface lanOfGateway(int address) {
        for (int i = 0; i < lans.size(); i++) {
            LanInterface lan = lans.get(i);
            if (lan.relaysDhcp() && lan.addresses().ipv4(0) == address) {
                return lan;
            }
        }
        return null;
    }

    /**
     * MAC of the packet's next hop; {@link MacAddress#NONE} when it must be asked for, and then the
     * packet waits here, without those behind it in its train.
     */
    long resolve(PacketBuffer packet) {
        int lan = packet.egressInterface;
        long low =
                packet.ipVersion == 4
                        ? NeighbourTable.ipv4Low((int) packet.nextHopLow)
                        : packet.nextHopLow;
        long nowNs = clock.nanoTime();
        long mac = table.lookup(lan, packet.nextHopHigh, low, nowNs);
        if (mac == MacAddress.NONE) {
            dropRestOfTrain(packet);
            table.await(lan, packet.nextHopHigh, low, packet.number(), nowNs);
        }
        return mac;
    }

    /** One packet a neighbour's silence may hold is enough: a train is up to 64 slots. */
    private void dropRestOfTrain(PacketBuffer first) {
        PacketBuffer rest = first.detach();
        if (rest != null) {
            drops.drop(rest, DropReason.NEIGHBOUR_UNRESOLVED);
        }
    }

    LanInterface lan(int index) {
        return lans.get(index);
    }

    @Override
    public void onRequestDue(int interfaceIndex, long high, long low, long knownMac) {
        PacketBuffer request = acquire();
        if (request != null) {
            int length =
                    neighbours[interfaceIndex].writeRequest(
                            high, low, knownMac, request.memory(), request.offset());
            offer(request, length, lans.get(interfaceIndex));
        }
    }

    @Override
    public void onResolved(int number, long mac) {
        PacketBuffer packet = pool.buffer(number);
        packet.nextHopMac = mac;
        offer(packet, lans.get(packet.egressInterface));
    }

    @Override
    public void onUnresolved(int number, boolean hasTimedOut) {
        drops.drop(pool.buffer(number), DropReason.NEIGHBOUR_UNRESOLVED);
    }

    private void announce(long nowNs) {
        boolean isEarly = announcementsLeft > 0;
        announcementsLeft -= isEarly ? 1 : 0;
        for (int i = 0; i < lans.size(); i++) {
            LanInterface lan = lans.get(i);
            if (isEarly) {
                announceAddresses(lan);
            }
            if (lan.advertisement() != null) {
                PacketBuffer frame = acquire();
                if (frame != null) {
                    int length = lan.advertisement().advertise(frame.memory(), frame.offset());
                    offer(frame, length, lan);
                }
            }
        }
        announceDeadlineNs =
                nowNs + (announcementsLeft > 0 ? ANNOUNCE_INTERVAL_NS : ADVERTISE_INTERVAL_NS);
    }

    /** Gratuitous ARP (RFC 5227 §2.3) and unsolicited advertisements (RFC 4861 §7.2.6). */
    private void announceAddresses(LanInterface lan) {
        GatewayAddresses own = lan.addresses();
        for (int i = 0; i < own.ipv4Count(); i++) {
            PacketBuffer frame = acquire();
            if (frame != null) {
                offer(frame, ArpResponder.announce(own, i, frame.memory(), frame.offset()), lan);
            }
        }
        for (int i = 0; i < own.ipv6Count(); i++) {
            PacketBuffer frame = acquire();
            if (frame != null) {
                int length =
                        NeighbourDiscovery.advertise(
                                own,
                                own.ipv6High(i),
                                own.ipv6Low(i),
                                frame.memory(),
                                frame.offset());
                offer(frame, length, lan);
            }
        }
    }

    private PacketBuffer acquire() {
        PacketBuffer frame = pool.acquire();
        if (frame == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
        }
        return frame;
    }

    private void offer(PacketBuffer frame, int length, LanInterface lan) {
        if (length == 0) {
            pool.release(frame);
            return;
        }
        frame.reset(length);
        frame.isFramed = true;
        offer(frame, lan);
    }

    private void offer(PacketBuffer frame, LanInterface lan) {
        if (!ports.get(lan.port()).ring().offer(frame)) {
            drops.drop(frame, DropReason.RING_FULL);
        }
    }
}
