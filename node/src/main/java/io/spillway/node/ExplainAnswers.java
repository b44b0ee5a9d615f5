package io.spillway.node;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.RouteExplanation;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.Rehearsal;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.Route;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The routing half of a packet's way, as {@code spillway explain} shows it: what the data plane
 * does by the generation that it has, and which route that comes from. On control's thread.
 */
public final class ExplainAnswers {
    private static final int VERSION_4 = 4;
    private static final int VERSION_6 = 6;

    /** What only a site or only a PoP knows. */
    public interface Names {
        /**
         * By which a packet comes in; null: by a LAN or the host port.
         *
         * @throws IllegalArgumentException naming what there is
         */
        Tunnel ingress(String name);

        boolean hasHostPort();

        String site(long siteId);

        /** What carries its packets now. */
        String transport(long siteId);

        /** What carries a packet that leaves by that tunnel. */
        String transport(Tunnel tunnel);

        String lan(int index);

        /** By what the kernel leads packets to the Internet. */
        String internet();

        /** Where a packet comes in. */
        String doorName(Rehearsal.Door door);

        /** Where the tunnel leads, and over what. */
        String way(Tunnel tunnel);
    }

    private ExplainAnswers() {}

    /**
     * @param request has {@code dst}, and may have {@code src} and {@code in}
     * @throws IllegalArgumentException naming what makes no sense in it
     */
    public static ObjectNode answer(JsonNode request, Forwarding now, Rib rib, Names names) {
        IpAddress destination = IpAddress.parse(request.path("dst").asString(""));
        String src = request.path("src").asString("");
        IpAddress source = src.isEmpty() ? null : IpAddress.parse(src);
        if (source != null && source.isIpv4() != destination.isIpv4()) {
            throw new IllegalArgumentException(src + " and " + destination + ": two families");
        }
        String in = request.path("in").asString("");
        Tunnel ingress = in.isEmpty() ? null : names.ingress(in);
        return answer(destination, source, ingress, now, rib, names);
    }

    /** Where the addresses of a packet lead, whatever else becomes of it. */
    public static ObjectNode answer(AskedPacket packet, Forwarding now, Rib rib, Names names) {
        return answer(packet.destination(), packet.source(), null, now, rib, names);
    }

    /** What is asked makes no sense. */
    public static ObjectNode refusal(String why) {
        return JsonMapper.shared().createObjectNode().put("error", why).put("isUsage", true);
    }

    private static ObjectNode answer(
            IpAddress destination,
            IpAddress source,
            Tunnel ingress,
            Forwarding now,
            Rib rib,
            Names names) {
        int version = destination.isIpv4() ? VERSION_4 : VERSION_6;
        FiveTuple tuple = tuple(destination, source);
        RouteExplanation way =
                RouteExplanation.of(now, tuple, version, ingress, names.hasHostPort());

        ObjectNode answer = JsonMapper.shared().createObjectNode();
        answer.put("destination", destination.toString());
        answer.put("verdict", way.drop() == null ? "FORWARDED" : "DROPPED");
        if (way.drop() != null) {
            answer.put("drop", way.drop().name());
        }
        describeRoute(answer, rib, destination);
        describeWay(answer, way, destination, names);
        if (way.leadsTo(NextHop.Kind.INTERNET)) {
            answer.put("transport", now.isInternetDirect() ? "DIRECT" : "CLOUD");
        } else if (way.leadsTo(NextHop.Kind.CLOUD)) {
            answer.put("transport", "CLOUD");
        }
        if (source != null) {
            describeSource(answer, now, rib, source, version, names);
        }
        answer.put("forwardingGeneration", now.generation());
        return answer;
    }

    private static FiveTuple tuple(IpAddress destination, IpAddress source) {
        FiveTuple tuple = new FiveTuple();
        boolean isIpv4 = destination.isIpv4();
        tuple.destinationHigh = isIpv4 ? 0 : destination.high();
        tuple.destinationLow =
                isIpv4 ? Integer.toUnsignedLong(destination.toIpv4()) : destination.low();
        if (source != null) {
            tuple.sourceHigh = isIpv4 ? 0 : source.high();
            tuple.sourceLow = isIpv4 ? Integer.toUnsignedLong(source.toIpv4()) : source.low();
        }
        return tuple;
    }

    private static void describeRoute(ObjectNode answer, Rib rib, IpAddress address) {
        Prefix prefix = rib.longestMatch(Prefix.host(address));
        if (prefix == null) {
            return;
        }
        Route route = rib.inUse(prefix);
        answer.put("prefix", prefix.toString());
        answer.put("source", route.source().name());
        if (!route.source().isLocal()) {
            answer.put("generation", route.generation());
        }
        if (!route.status().reason().isEmpty()) {
            answer.put("reason", route.status().reason());
        }
    }

    private static void describeWay(
            ObjectNode answer, RouteExplanation way, IpAddress destination, Names names) {
        ArrayNode hops = answer.putArray("nextHops");
        way.hops().forEach(hop -> hops.add(hop(hop, destination, way, names)));
        if (way.site() != null) {
            answer.put("transport", names.transport(way.site().siteId()));
        }
        describeTunnels(answer, way.tunnels(), names);
    }

    /** Of which each flow takes one; without any nothing is said. */
    static void describeTunnels(ObjectNode answer, List<Tunnel> some, Names names) {
        if (some.isEmpty()) {
            answer.remove("tunnels");
            return;
        }
        ArrayNode tunnels = answer.putArray("tunnels");
        for (Tunnel tunnel : some) {
            tunnels.addObject()
                    .put("way", names.way(tunnel))
                    .put("up", tunnel.mtu() > 0)
                    .put("pathMtu", tunnel.mtu());
        }
    }

    private static String hop(
            NextHop hop, IpAddress destination, RouteExplanation way, Names names) {
        return switch (hop.kind()) {
            case LAN -> {
                IpAddress gateway = hop.gateway(destination.isIpv4());
                String neighbour = hop.isOnLink() ? "on link" : "by " + gateway;
                yield names.lan(hop.index()) + " " + neighbour;
            }
            case SITE -> "site " + names.site(way.site().siteId());
            case HOST, INTERNET, CLOUD, UNREACHABLE, PROHIBITED -> hop.kind().name();
        };
    }

    /** Where the source is routed to: an answer goes there, and the far end's guard looks at it. */
    private static void describeSource(
            ObjectNode answer,
            Forwarding now,
            Rib rib,
            IpAddress source,
            int version,
            Names names) {
        RouteExplanation back =
                RouteExplanation.of(now, tuple(source, null), version, null, names.hasHostPort());
        ObjectNode node = answer.putObject("answersTo");
        node.put("address", source.toString());
        if (back.drop() != null) {
            node.put("drop", back.drop().name());
        }
        describeRoute(node, rib, source);
        describeWay(node, back, source, names);
    }
}
