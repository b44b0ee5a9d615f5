package io.spillway.node.capture;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.port.LanPort;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.node.WanSetup;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** The places of a data plane in the order in which {@code CapturePlan} numbers them. Immutable. */
final class CapturePlaces {
    /** The link behind those with sockets. */
    private static final String RELAY = "relay";

    private static final InetSocketAddress NOWHERE = new InetSocketAddress("::", 0);

    private final Map<Integer, LanPort> ports = new TreeMap<>();
    private final List<String> links = new ArrayList<>();
    private final List<UnsafeBuffer> locals = new ArrayList<>();
    private final List<CapturePlace> all = new ArrayList<>();

    /**
     * @param devices by link, where sockets are bound to no address
     */
    CapturePlaces(DataPlane dataPlane, Set<CapturePoint> points, Map<String, String> devices)
            throws IOException {
        dataPlane.ports().forEach(port -> ports.put(port.index(), port));
        Map<Integer, WanLink> byIndex = new TreeMap<>();
        dataPlane.links().forEach(link -> byIndex.put(link.index(), link));
        for (WanLink link : byIndex.values()) {
            links.add(link.name());
            locals.add(DatagramHeader.endpoint(local(link, devices.get(link.name()))));
        }
        links.add(RELAY);
        locals.add(DatagramHeader.endpoint(NOWHERE));
        EnumSet.copyOf(points).forEach(this::add);
    }

    /** As it is now, where the device has one. */
    private static InetSocketAddress local(WanLink link, String device) throws IOException {
        InetSocketAddress bound = link.device().localEndpoint();
        if (device == null || !bound.getAddress().isAnyLocalAddress()) {
            return bound;
        }
        boolean isIpv4 = bound.getAddress() instanceof Inet4Address;
        InetAddress address = WanSetup.addressOf(device, isIpv4);
        return address == null ? bound : new InetSocketAddress(address, bound.getPort());
    }

    private void add(CapturePoint point) {
        switch (point) {
            case LAN_IN, LAN_OUT ->
                    ports.values().forEach(port -> add(point, port.device().name(), form(port)));
            case WAN_IN, WAN_OUT ->
                    links.forEach(link -> add(point, link, CapturePlace.Form.DATAGRAM));
            case PRE_SEAL, POST_OPEN -> add(point, "", CapturePlace.Form.PACKET);
            case POST_FIREWALL -> {
                add(point, "from LAN", CapturePlace.Form.PACKET);
                add(point, "from WAN", CapturePlace.Form.PACKET);
            }
            case DROP -> {
                add(point, "frames", CapturePlace.Form.FRAME);
                add(point, "packets", CapturePlace.Form.PACKET);
                add(point, "datagrams", CapturePlace.Form.DATAGRAM);
                add(point, "other", CapturePlace.Form.OTHER);
            }
        }
    }

    private static CapturePlace.Form form(LanPort port) {
        return port.isHost() ? CapturePlace.Form.PACKET : CapturePlace.Form.FRAME;
    }

    private void add(CapturePoint point, String name, CapturePlace.Form form) {
        boolean isDatagram = form == CapturePlace.Form.DATAGRAM;
        UnsafeBuffer[] ends = isDatagram ? locals.toArray(UnsafeBuffer[]::new) : null;
        all.add(new CapturePlace(point, name, form, ends));
    }

    List<CapturePlace> all() {
        return all;
    }

    /** The relay's is the last. */
    String link(int index) {
        return index >= 0 && index < links.size() ? links.get(index) : "?";
    }
}
