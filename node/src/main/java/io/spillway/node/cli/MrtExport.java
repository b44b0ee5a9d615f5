package io.spillway.node.cli;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.mrt.MrtAttributes;
import io.spillway.routing.mrt.MrtPath;
import io.spillway.routing.mrt.MrtPeer;
import io.spillway.routing.mrt.MrtWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A daemon's routes as MRT. A BGP neighbour is a peer with its address and AS; another site one
 * without, whose BGP ID is the low half of its site ID; what is our own comes from a peer of zeros.
 */
final class MrtExport {
    private static final IpAddress NONE = IpAddress.ofIpv4(0);
    private static final long MS_PER_S = 1_000;
    private static final int PEERS_MAX = 0xFFFF;

    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private final List<MrtPeer> peers = new ArrayList<>();
    private MrtWriter writer;
    private long timeS;
    private long prefixes;
    private long paths;

    /** First of all, page by page. */
    void notePeers(JsonNode page) throws IOException {
        for (JsonNode route : page.path("routes")) {
            if (!indexes.containsKey(peerKey(route))) {
                if (peers.size() == PEERS_MAX) {
                    throw new IOException("more than " + PEERS_MAX + " neighbours and sites");
                }
                indexes.put(peerKey(route), peers.size());
                peers.add(peer(route));
            }
        }
    }

    private static String peerKey(JsonNode route) {
        return route.path("neighbour").asString("") + " " + route.path("site").asString("");
    }

    private static MrtPeer peer(JsonNode route) {
        if (route.has("neighbour")) {
            String first = route.path("asPath").asString("").split(" ")[0];
            long as = first.matches("[0-9]+") ? Long.parseLong(first) : 0;
            return new MrtPeer(0, IpAddress.parse(route.path("neighbour").asString()), as);
        }
        long siteId = Long.parseUnsignedLong(route.path("site").asString("0"));
        return new MrtPeer((int) siteId, NONE, 0);
    }

    /** Then. */
    void begin(OutputStream out, long nowMs) throws IOException {
        timeS = nowMs / MS_PER_S;
        writer = new MrtWriter(out, timeS);
        writer.writePeers(0, "spillway", peers);
    }

    /** Then all pages again. What came meanwhile from somebody else is left out. */
    void write(JsonNode page) throws IOException {
        Map<String, List<MrtPath>> byPrefix = new LinkedHashMap<>();
        for (JsonNode route : page.path("routes")) {
            boolean isInForce =
                    !route.path("waiting").asBoolean() || route.path("frozen").asBoolean();
            Integer peer = indexes.get(peerKey(route));
            if (isInForce && peer != null) {
                byPrefix.computeIfAbsent(route.path("prefix").asString(), _ -> new ArrayList<>())
                        .add(new MrtPath(peer, timeS, attributes(route)));
            }
        }
        for (Map.Entry<String, List<MrtPath>> entry : byPrefix.entrySet()) {
            writer.writeRoute(Prefix.parse(entry.getKey()), entry.getValue());
            prefixes++;
            paths += entry.getValue().size();
        }
    }

    private static byte[] attributes(JsonNode route) {
        boolean isIpv4 = Prefix.parse(route.path("prefix").asString()).isIpv4();
        String via = route.path("via").asString(isIpv4 ? "0.0.0.0" : "::");
        return MrtAttributes.encode(route.path("asPath").asString(""), IpAddress.parse(via));
    }

    long prefixes() {
        return prefixes;
    }

    long paths() {
        return paths;
    }
}
