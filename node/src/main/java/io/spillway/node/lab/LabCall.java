package io.spillway.node.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A call between the hosts of two sites: UDP as telephones send it, both ways at once. */
final class LabCall {
    private static final long FLIGHT_MS = 400;

    private final LabNetwork network;
    private final List<LabSite> ends;
    private final Map<Direction, StreamLog> logs = new LinkedHashMap<>();

    LabCall(LabNetwork network, LabSite one, LabSite other) {
        this.network = network;
        ends = List.of(one, other);
        Direction.among(ends).forEach(direction -> logs.put(direction, new StreamLog()));
    }

    void start(HostThreads threads, Marker marker) {
        for (LabSite end : ends) {
            UdpHost host = new UdpHost(end, logs, UdpHost.VOICE, marker);
            threads.start(network.namespacePath(end.hostNamespace()), host);
        }
    }

    Map<Direction, Long> mark() {
        Map<Direction, Long> marks = new LinkedHashMap<>();
        logs.forEach((direction, log) -> marks.put(direction, log.next()));
        return marks;
    }

    /** Packets lost since the mark, but for what may still be on its way. */
    Losses lossSince(Map<Direction, Long> mark) throws InterruptedException {
        Map<Direction, Long> end = mark();
        Thread.sleep(FLIGHT_MS);
        Map<Direction, StreamLoss> losses = new LinkedHashMap<>();
        logs.forEach((key, log) -> losses.put(key, log.loss(mark.get(key), end.get(key))));
        return new Losses(losses);
    }
}
