package io.spillway.node.site;

import io.spillway.control.directory.Peer;
import io.spillway.control.recovery.InternetMachine;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Router;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.node.AskedPacket;
import io.spillway.node.ExplainAnswers;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.routing.fib.Fib;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Where a packet that is asked about may come in and go out, by name, in the state that is asked
 * about. On control's thread.
 */
final class ExplainDoors implements ExplainAnswers.Names {
    private static final String HOST = "host";
    private static final String CLOUD = "cloud";
    private static final String RECOVERY = "recovery";

    /**
     * A network here.
     *
     * @param port its device
     * @param vlan 0: untagged
     */
    record Lan(String port, String name, int vlan) {}

    private final SiteControl control;
    private final List<Lan> lans;
    private final boolean hasHostPort;
    private final String in;
    private final int vlan; // negative: not said
    private final boolean isInCloud;
    private final boolean isAssuming;
    private final Forwarding forwarding;

    /**
     * @param lans by index
     * @throws IllegalArgumentException naming what is wrong in the request
     */
    ExplainDoors(SiteControl control, List<Lan> lans, boolean hasHostPort, JsonNode request) {
        this.control = control;
        this.lans = lans;
        this.hasHostPort = hasHostPort;
        in = request.path("in").asString("");
        vlan = request.path("vlan").asInt(-1);
        if (vlan >= 0 && in.isEmpty()) {
            throw new IllegalArgumentException("--vlan: expected with --in");
        }
        String state = request.path("state").asString("");
        boolean isNowInCloud = !control.machine().state().isOffCloud();
        isInCloud = state.isEmpty() ? isNowInCloud : state.equals(CLOUD);
        if (!state.isEmpty() && !state.equals(CLOUD) && !state.equals(RECOVERY)) {
            throw new IllegalArgumentException("--state " + state + ": expected cloud or recovery");
        }
        isAssuming = isInCloud != isNowInCloud;
        forwarding =
                isAssuming ? control.forwarding().assuming(isInCloud) : control.forwarding().last();
    }

    /** Ways in the state that is asked about. */
    Forwarding forwarding() {
        return forwarding;
    }

    /** Whether that is another state than there is. */
    boolean isAssuming() {
        return isAssuming;
    }

    /**
     * Where the packet comes in; if that was not said, where its source is.
     *
     * @throws IllegalArgumentException naming what there is
     */
    Rehearsal.Door door(AskedPacket packet) {
        if (in.isEmpty()) {
            return doorOf(packet);
        }
        if (in.equals(HOST)) {
            return Rehearsal.Door.HOST;
        }
        int lan = lanIndex();
        return lan >= 0
                ? Rehearsal.Door.lan(lan, packet.mac())
                : Rehearsal.Door.tunnel(ingress(in).index());
    }

    private Rehearsal.Door doorOf(AskedPacket packet) {
        NextHop hop = hop(packet.source());
        if (hop != null && hop.kind() == NextHop.Kind.LAN) {
            return Rehearsal.Door.lan(hop.index(), packet.mac());
        }
        if (hop != null && hop.kind() == NextHop.Kind.HOST) {
            return Rehearsal.Door.HOST;
        }
        throw new IllegalArgumentException(
                "--in: expected, since "
                        + packet.source()
                        + " is not on a LAN here: "
                        + expected());
    }

    private NextHop hop(IpAddress address) {
        FiveTuple tuple = new FiveTuple();
        boolean isIpv4 = address.isIpv4();
        tuple.destinationHigh = isIpv4 ? 0 : address.high();
        tuple.destinationLow = isIpv4 ? Integer.toUnsignedLong(address.toIpv4()) : address.low();
        int route = Router.lookup(forwarding.fib(), tuple, isIpv4 ? 4 : 6);
        return route == Fib.NO_ROUTE ? null : forwarding.fib().nextHop(route);
    }

    /** By its name, or its port and VLAN; negative: that is none. */
    private int lanIndex() {
        boolean isPort = false;
        for (int index = 0; index < lans.size(); index++) {
            Lan lan = lans.get(index);
            boolean isOfVlan = lan.vlan == Math.max(vlan, 0);
            if (lan.name.equals(in) && (vlan < 0 || isOfVlan) || lan.port.equals(in) && isOfVlan) {
                return index;
            }
            isPort |= lan.port.equals(in) || lan.name.equals(in);
        }
        if (isPort || vlan >= 0) {
            throw new IllegalArgumentException(
                    in + ", VLAN " + Math.max(vlan, 0) + ": expected one of " + vlans());
        }
        return -1;
    }

    private String vlans() {
        return String.join(
                ", ",
                lans.stream()
                        .map(lan -> "%s (%s, VLAN %d)".formatted(lan.name, lan.port, lan.vlan))
                        .toList());
    }

    private String expected() {
        return String.join(", ", lans.stream().map(Lan::name).toList())
                + ", host, cloud, or a site with a tunnel";
    }

    @Override
    public String doorName(Rehearsal.Door door) {
        if (door.isHost()) {
            return HOST;
        }
        return door.lanInterface() >= 0 ? lan(door.lanInterface()) : in;
    }

    @Override
    public Tunnel ingress(String name) {
        if (name.equals(HOST) || lanIndex() >= 0) {
            return null;
        }
        Stream<ManagedTunnel> tunnels =
                name.equals(CLOUD)
                        ? control.tunnels().bestPopTunnels().stream()
                        : control.directory().peers().stream()
                                .filter(peer -> peer.site().name().equals(name))
                                .flatMap(it -> control.tunnels().toPeer(it.siteId()).stream());
        return tunnels.findFirst()
                .map(ManagedTunnel::tunnel)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        name + ": expected one of " + expected()));
    }

    @Override
    public boolean hasHostPort() {
        return hasHostPort;
    }

    @Override
    public String site(long siteId) {
        Peer peer = control.directory().peer(siteId);
        String id = Long.toUnsignedString(siteId);
        return peer == null ? id : id + " (" + peer.site().name() + ")";
    }

    @Override
    public String transport(long siteId) {
        return isAssuming
                ? control.forwarding().assumedTransport(siteId, isInCloud).name()
                : control.machine().transportOf(siteId).name();
    }

    @Override
    public String transport(Tunnel tunnel) {
        return control.tunnels().transportOf(tunnel).name();
    }

    @Override
    public String lan(int index) {
        return lans.get(index).name;
    }

    @Override
    public String internet() {
        int link = control.internet().machine().link();
        String by = link == InternetMachine.NONE ? "no link" : control.setup().linkName(link);
        return "the Internet by " + by;
    }

    @Override
    public String way(Tunnel tunnel) {
        String whose = tunnel.isToPop() ? control.channel().popName() : site(tunnel.siteId());
        return whose + " " + control.tunnels().describeWay(tunnel.link(), tunnel.remote());
    }
}
