package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.UdpSocket;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How drops are shown: our own by reason, and what the kernel dropped before we saw it. */
public final class DropAnswers {
    private DropAnswers() {}

    public static void describe(ObjectNode answer, DataPlane dataPlane, List<String> devices) {
        ArrayNode drops = answer.putArray("drops");
        dataPlane
                .counters()
                .dropped()
                .forEach((reason, count) -> add(drops, reason.name(), "data plane", count));
        socketDrops(dataPlane).forEach((link, count) -> add(drops, "SOCKET_OVERFLOW", link, count));
        devices.forEach(device -> addKernel(drops, device));
        add(drops, "READS_POSTPONED", "data plane", dataPlane.counters().postponedReads());
        add(drops, "FLOWS_EVICTED", "data plane", dataPlane.counters().evictedFlows());
        add(drops, "CONTROL_EVENTS_LOST", "control", dataPlane.events().lost());
        add(drops, "COMMANDS_REFUSED", "control", dataPlane.commands().refused());
    }

    /** By link, of all its sockets. */
    private static Map<String, Long> socketDrops(DataPlane dataPlane) {
        Map<String, Long> drops = new LinkedHashMap<>();
        for (WanLink link : dataPlane.links()) {
            if (link.device() instanceof UdpSocket socket) {
                drops.merge(link.name(), socket.dropped(), Long::sum);
            }
        }
        return drops;
    }

    private static void addKernel(ArrayNode drops, String device) {
        try {
            add(drops, "TAP_QUEUE_FULL", device, NetworkDevice.transmitDropped(device));
        } catch (IOException e) {
            drops.addObject()
                    .put("reason", "TAP_QUEUE_FULL")
                    .put("where", device)
                    .put("unknown", e.getMessage());
        }
    }

    private static void add(ArrayNode drops, String reason, String where, long count) {
        if (count > 0) {
            drops.addObject().put("reason", reason).put("where", where).put("count", count);
        }
    }
}
