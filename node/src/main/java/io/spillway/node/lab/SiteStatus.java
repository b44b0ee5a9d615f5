package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a site said of itself: the part of its {@code status} the lab looks at. */
public record SiteStatus(
        String transport,
        String state,
        boolean isPopConnected,
        boolean isChannelOpen,
        boolean isEpisodeOpen,
        List<Peer> peers) {
    private static final String CLOUD = "CLOUD";
    private static final String RECOVERY = "RECOVERY";
    private static final String ALT_WAN = "ALT_WAN";
    private static final String NONE = "NONE";

    /** One of its peers and the transport in use towards it. */
    public record Peer(String name, String transport, boolean isAttached, int tunnelsUp) {
        boolean is(String otherTransport) {
            return transport.equals(otherTransport);
        }
    }

    public static SiteStatus parse(JsonNode status) {
        List<Peer> peers = new ArrayList<>();
        for (JsonNode peer : status.path("peers")) {
            peers.add(
                    new Peer(
                            peer.path("name").asString("?"),
                            peer.path("transport").asString("?"),
                            peer.path("attached").asBoolean(false),
                            peer.path("up").asInt(0)));
        }
        return new SiteStatus(
                status.path("transport").asString("?"),
                status.path("state").asString("?"),
                status.path("pop").path("connected").asBoolean(false),
                status.path("pop").path("channel").asBoolean(false),
                status.path("episodeOpen").asBoolean(false),
                List.copyOf(peers));
    }

    /** With every peer: where recovery is off, a site that lost its cloud has no transport. */
    public boolean isInRecovery() {
        return transport.equals(RECOVERY) && peers.stream().allMatch(peer -> peer.is(RECOVERY));
    }

    /** Off the cloud, and on Alt WAN with every peer. */
    boolean isOnAltWan() {
        return transport.equals(ALT_WAN) && peers.stream().allMatch(peer -> peer.is(ALT_WAN));
    }

    /** Back in the cloud with every peer. */
    public boolean isInCloud() {
        return transport.equals(CLOUD) && peers.stream().allMatch(peer -> peer.is(CLOUD));
    }

    /** In recovery with every peer but one, which nothing reaches. */
    boolean isInRecoveryBut(String peerName) {
        return transport.equals(RECOVERY)
                && peers.stream()
                        .allMatch(peer -> peer.is(peer.name().equals(peerName) ? NONE : RECOVERY));
    }

    /** In recovery with those peers; nothing reaches the others. */
    boolean isInRecoveryWith(Collection<String> peerNames) {
        return transport.equals(RECOVERY)
                && peers.stream()
                        .allMatch(
                                peer -> peer.is(peerNames.contains(peer.name()) ? RECOVERY : NONE));
    }

    /** Without a cloud and without any peer. */
    boolean isCutOff() {
        return !isPopConnected && peers.stream().allMatch(peer -> peer.is(NONE));
    }

    /** In the cloud but with those peers, which are reached off it. */
    boolean isInCloudBut(Collection<String> peerNames) {
        return isPopConnected
                && transport.equals(CLOUD)
                && peers.stream()
                        .allMatch(
                                peer ->
                                        peer.is(
                                                peerNames.contains(peer.name())
                                                        ? RECOVERY
                                                        : CLOUD));
    }

    /** In the cloud, and the event that says so was told. */
    public boolean isAtRest() {
        return isInCloud() && !isEpisodeOpen;
    }

    /** One line for people: "CLOUD, PoP up, peers: 2 by CLOUD, 2 tunnels up". */
    @Override
    public String toString() {
        Map<String, Integer> counts = new TreeMap<>();
        peers.forEach(peer -> counts.merge(peer.transport(), 1, Integer::sum));
        String by =
                counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " by " + entry.getKey())
                        .collect(Collectors.joining(", "));
        int up = peers.stream().mapToInt(Peer::tunnelsUp).sum();
        return "%s, PoP %s, peers: %s, %d tunnels up"
                .formatted(transport, isPopConnected ? "up" : "down", by, up);
    }
}
