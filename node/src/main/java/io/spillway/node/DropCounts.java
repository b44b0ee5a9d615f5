package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.dataplane.wan.WanLink;
import io.spillway.tap.NetworkDevice;
import io.spillway.tap.UdpSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Packets that died: our own by reason, and what the kernel dropped before we saw it. */
public final class DropCounts {
    /** A link's socket was full before we read it. */
    public static final String SOCKET_OVERFLOW = "SOCKET_OVERFLOW";

    /** A LAN port's device was full before we read it. */
    public static final String TAP_QUEUE_FULL = "TAP_QUEUE_FULL";

    /**
     * @param where in the data plane, or the link or device whose queue was full
     * @param unknown why the count is not known; null: it is
     */
    public record Row(String reason, String where, long count, String unknown) {
        public boolean isKnown() {
            return unknown == null;
        }
    }

    private DropCounts() {}

    /** Of every reason, those that never happened too. */
    public static List<Row> of(DataPlane dataPlane, List<String> devices) {
        List<Row> rows = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            long count = dataPlane.counters().dropped(reason);
            rows.add(new Row(reason.name(), "data plane", count, null));
        }
        sockets(dataPlane)
                .forEach((link, count) -> rows.add(new Row(SOCKET_OVERFLOW, link, count, null)));
        devices.forEach(device -> rows.add(kernel(device)));
        return rows;
    }

    /** By link, of all its sockets. */
    private static Map<String, Long> sockets(DataPlane dataPlane) {
        Map<String, Long> drops = new LinkedHashMap<>();
        for (WanLink link : dataPlane.links()) {
            if (link.device() instanceof UdpSocket socket) {
                drops.merge(link.name(), socket.dropped(), Long::sum);
            }
        }
        return drops;
    }

    private static Row kernel(String device) {
        try {
            return new Row(TAP_QUEUE_FULL, device, NetworkDevice.transmitDropped(device), null);
        } catch (IOException e) {
            return new Row(TAP_QUEUE_FULL, device, 0, e.getMessage());
        }
    }
}
