package io.spillway.node;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.Rehearsal;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of one packet, decision by decision, as {@code spillway explain} shows it. */
public final class PacketAnswer {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode node = JSON.createObjectNode();
    private final AskedPacket packet;
    private final Rehearsal.Outcome outcome;
    private final ExplainAnswers.Names names;

    public PacketAnswer(
            AskedPacket packet,
            Rehearsal.Door door,
            Rehearsal.Outcome outcome,
            ExplainAnswers.Names names) {
        this.packet = packet;
        this.outcome = outcome;
        this.names = names;
        node.put("packet", packet.describe());
        node.put("in", names.doorName(door));
        node.put("verdict", outcome.drop() == null ? "FORWARDED" : "DROPPED");
        if (outcome.drop() != null) {
            node.put("drop", outcome.drop().name());
        }
    }

    /**
     * Where it leaves.
     *
     * @param route what its addresses decide
     */
    public void way(ObjectNode route, Forwarding now) {
        boolean isToInternet = route.path("nextHops").path(0).asString("").equals("INTERNET");
        Tunnel tunnel = tunnel(now);
        if (tunnel != null) {
            node.put("leavesBy", names.way(tunnel));
            node.put("pathMtu", tunnel.mtu());
        } else if (outcome.drop() == null) {
            node.put("leavesBy", port(isToInternet));
        }
        route.remove(List.of("verdict", "drop"));
        node.setAll(route);
        if (outcome.isByPop()) {
            node.put("transport", "CLOUD");
        }
        if (outcome.drop() == null) {
            ExplainAnswers.describeTunnels(node, outcome.tunnels(), names);
        }
        if (outcome.steered() != null) {
            steered(tunnel);
        }
    }

    /** Null: it leaves by none. */
    private Tunnel tunnel(Forwarding now) {
        boolean isByTunnel = outcome.drop() == null && Exit.isTunnel(outcome.exit());
        return isByTunnel ? now.tunnels().get(Exit.index(outcome.exit())) : null;
    }

    private String port(boolean isToInternet) {
        if (outcome.egressInterface() != PacketBuffer.NONE) {
            return names.lan(outcome.egressInterface());
        }
        return isToInternet ? names.internet() : "host";
    }

    /** By the rule's transport, or, if its rule lets it leave by none, by no tunnel. */
    private void steered(Tunnel tunnel) {
        if (tunnel != null) {
            node.put("transport", names.transport(tunnel));
        } else {
            node.remove("tunnels");
        }
    }

    /** What is known of its flow, in words. */
    public String flow() {
        if (packet.first() != null) {
            return "of its first fragment, which comes before it";
        }
        return switch (outcome.flow()) {
            case NEW -> packet.isPart() ? "none that it belongs to is known" : "new";
            case BEGUN -> "known, begun by the source";
            case ANSWERED -> "known, begun by the destination: this is an answer";
            case RELATED -> "known, of the packet that it belongs to";
        };
    }

    /** To which the caller adds what its rules say. */
    public ObjectNode node() {
        return node;
    }
}
