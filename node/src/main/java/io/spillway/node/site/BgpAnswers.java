package io.spillway.node.site;

import io.spillway.routing.bgp.BgpState;
import io.spillway.routing.bgp.NeighbourConfig;
import io.spillway.routing.bgp.NeighbourView;
import io.spillway.routing.fib.IpAddress;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code spillway bgp} shows. On the control thread. */
final class BgpAnswers {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long NS_PER_S = 1_000_000_000L;

    private final SiteBgp bgp;

    BgpAnswers(SiteBgp bgp) {
        this.bgp = bgp;
    }

    /** Of all neighbours, or in full of the one that is named; which is reset first if so asked. */
    ObjectNode answer(JsonNode request) {
        String name = request.path("neighbour").asString("");
        if (bgp.neighbours().isEmpty()) {
            return error("no BGP neighbours are configured");
        }
        int chosen = indexOf(bgp.neighbours(), name);
        if (!name.isEmpty() && chosen < 0) {
            return error("no BGP neighbour has the name or address " + name);
        }
        if (request.path("reset").asBoolean(false)) {
            if (chosen < 0) {
                return error("name the neighbour to reset");
            }
            bgp.reset(chosen);
        }
        ObjectNode answer = JSON.createObjectNode();
        NeighbourConfig first = bgp.neighbours().getFirst().config();
        answer.put("as", first.localAs());
        answer.put("routerId", IpAddress.ofIpv4(first.identifier()).toString());
        List<NeighbourView> views = bgp.views();
        if (chosen >= 0) {
            describe(answer, chosen, views.get(chosen));
            return answer;
        }
        ArrayNode list = answer.putArray("neighbours");
        for (int i = 0; i < views.size(); i++) {
            summarize(list.addObject(), i, views.get(i));
        }
        return answer;
    }

    private static ObjectNode error(String text) {
        return JSON.createObjectNode().put("error", text);
    }

    private static int indexOf(List<BgpSetup.Neighbour> neighbours, String name) {
        for (int i = 0; i < neighbours.size(); i++) {
            BgpSetup.Neighbour each = neighbours.get(i);
            if (each.name().equals(name) || each.config().address().toString().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private void summarize(ObjectNode node, int number, NeighbourView view) {
        BgpSetup.Neighbour neighbour = bgp.neighbours().get(number);
        node.put("name", neighbour.name());
        node.put("address", neighbour.config().address().toString());
        node.put("as", neighbour.config().peerAs());
        node.put("state", view.state().label());
        if (bgp.bfdState(number) != null) {
            node.put("bfd", bgp.bfdState(number).name());
        }
        if (view.state() == BgpState.ESTABLISHED) {
            node.put("upS", (bgp.nowNs() - view.establishedNs()) / NS_PER_S);
        }
        node.put("accepted", view.ipv4Received() + view.ipv6Received());
        node.put("advertised", view.advertised());
        node.put("lastEnd", view.lastEnd());
    }

    private void describe(ObjectNode node, int number, NeighbourView view) {
        BgpSetup.Neighbour neighbour = bgp.neighbours().get(number);
        NeighbourConfig config = neighbour.config();
        ObjectNode session = node.putObject("session");
        summarize(session, number, view);
        session.put("localAddress", neighbour.ends().local().getHostAddress());
        session.put("password", neighbour.ends().password() != null);
        session.put("passive", config.isPassive());
        if (view.state() == BgpState.ESTABLISHED) {
            int holdS = view.holdTimeS();
            session.put("routerIdOfNeighbour", IpAddress.ofIpv4(view.peerIdentifier()).toString());
            session.put("holdS", holdS);
            session.put("keepAliveS", holdS / 3);
            session.put("capabilities", view.capabilities());
        } else {
            session.put("offeredHoldS", config.holdTimeS());
        }
        session.put("lastNotificationSent", view.lastSent());
        session.put("lastNotificationReceived", view.lastReceived());
        ObjectNode routes = node.putObject("routes");
        routes.put("ipv4Accepted", view.ipv4Received());
        routes.put("ipv6Accepted", view.ipv6Received());
        routes.put("limit", config.routeLimit());
        routes.put("advertised", view.advertised());
        routes.put("keptStale", view.isKeptStale());
        view.counters().forEach(node.putObject("counters")::put);
    }
}
