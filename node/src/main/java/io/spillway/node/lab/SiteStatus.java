package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a site said of itself: the part of its {@code status} the lab looks at. */
record SiteStatus(
        String transport,
        String state,
        boolean isPopConnected,
        boolean isEpisodeOpen,
        List<Peer> peers) {
    private static final String CLOUD = "CLOUD";
    private static final String RECOVERY = "RECOVERY";

    /** One of its peers and the transport in use towards it. */
    record Peer(String name, String transport, boolean isAttached, int tunnelsUp) {}

    static SiteStatus parse(JsonNode status) {
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
                status.path("episodeOpen").asBoolean(false),
                List.copyOf(peers));
    }

    boolean isInRecovery() {
        return transport.equals(RECOVERY);
    }

    /** Back in the cloud with every peer. */
    boolean isInCloud() {
        return transport.equals(CLOUD)
                && peers.stream().allMatch(peer -> peer.transport().equals(CLOUD));
    }

    /** In the cloud, and the event that says so was told. */
    boolean isAtRest() {
        return isInCloud() && !isEpisodeOpen;
    }

    /** One line for people: "CLOUD, pop up, london CLOUD 1 up, …". */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(transport);
        line.append(isPopConnected ? ", PoP up" : ", PoP down");
        for (Peer peer : peers) {
            line.append(", ").append(peer.name()).append(' ').append(peer.transport());
            line.append(' ').append(peer.tunnelsUp()).append(" up");
        }
        return line.toString();
    }
}
