package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the outages in a capture of the lab's Internet, which shows only DTLS records.
 *
 * <p>Method. The hosts' streams send payloads of one length, so their records have one length too,
 * and are by far the most frequent ones: that length on the way from the PoP, and that between
 * sites, tell the stream from probes and other traffic. Looked at is what the Internet delivered
 * (packets on their way out of it). For each pair of sites A and B, whenever stream records A to B
 * begin that did not come for {@value #QUIET_MS} ms, the outage of A to B is the time since the
 * last stream record that the PoP delivered to B. With several sites that record may have been
 * another's: the PoP is lost to all of them at once, so the difference is within a stream's
 * interval.
 *
 * <p>The capture pauses during throughput bursts. When no record at all was delivered for {@value
 * #PAUSE_MS} ms (the sites probe one another more often), nothing is known of the time before.
 */
final class CaptureOutages {
    private static final long QUIET_MS = 1000;
    private static final long PAUSE_MS = 800;
    private static final int DTLS_APPLICATION_DATA = 23;
    private static final int DTLS_CONNECTION_ID = 25;

    /**
     * A direct stream: fewer records after one another are stragglers or something else of the same
     * length.
     */
    private static final int RUN_MIN = 50;

    private static final long RUN_NS = 1_000_000_000L;
    private static final int POP = CapturedPacket.address(LabSite.POP_ADDRESS);
    private final List<Delivered> records = new ArrayList<>();

    /** A datagram with a data record that the Internet delivered. */
    private record Delivered(long timeNs, int source, int destination, int length) {}

    /** One direction's outage as the capture shows it. */
    record Outage(long startNs, int source, int destination, double ms) {
        @Override
        public String toString() {
            return "%s > %s  %.1f ms"
                    .formatted(
                            CapturedPacket.dotted(source), CapturedPacket.dotted(destination), ms);
        }
    }

    void read(Path capture) throws IOException {
        CapturedPacket packet = new CapturedPacket();
        try (PcapReader reader = new PcapReader(capture)) {
            while (reader.next()) {
                packet.wrap(reader.linkType(), reader.packet(), reader.length());
                if (isData(packet)) {
                    records.add(
                            new Delivered(
                                    reader.timeNs(),
                                    packet.source(),
                                    packet.destination(),
                                    packet.udpPayloadLength()));
                }
            }
        }
        records.sort(Comparator.comparingLong(Delivered::timeNs));
    }

    private static boolean isData(CapturedPacket packet) {
        if (!packet.isOutgoing() || packet.etherType() != CapturedPacket.IPV4) return false;
        if (packet.protocol() != CapturedPacket.UDP || packet.isFragment()) return false;
        int type = packet.udpPayload(0);
        return type == DTLS_APPLICATION_DATA || type == DTLS_CONNECTION_ID;
    }

    /** In order of time. */
    List<Outage> outages() {
        int fromPop = mostFrequentLength(true);
        int direct = mostFrequentLength(false);
        Map<Integer, Long> lastFromPop = new HashMap<>();
        Map<Long, Long> lastDirect = new HashMap<>();
        List<Outage> outages = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            Delivered record = records.get(i);
            if (isAfterPause(i)) lastFromPop.clear();
            if (record.source() == POP) {
                if (record.length() == fromPop)
                    lastFromPop.put(record.destination(), record.timeNs());
            } else if (record.destination() != POP && record.length() == direct) {
                Long before = lastDirect.put(pair(record), record.timeNs());
                boolean begins = before == null || record.timeNs() - before > QUIET_MS * 1_000_000;
                Long last = lastFromPop.get(record.destination());
                if (begins && last != null && isRun(i)) outages.add(outage(record, last));
            }
        }
        return outages;
    }

    private boolean isAfterPause(int index) {
        if (index == 0) return true;
        return records.get(index).timeNs() - records.get(index - 1).timeNs() > PAUSE_MS * 1_000_000;
    }

    private static Outage outage(Delivered first, long lastNs) {
        double ms = (first.timeNs() - lastNs) / 1e6;
        return new Outage(lastNs, first.source(), first.destination(), ms);
    }

    /** Whether this record is the first of many. */
    private boolean isRun(int index) {
        Delivered first = records.get(index);
        int count = 0;
        for (int i = index; i < records.size() && count < RUN_MIN; i++) {
            Delivered record = records.get(i);
            if (record.timeNs() - first.timeNs() > RUN_NS) return false;
            if (pair(record) == pair(first) && record.length() == first.length()) count++;
        }
        return count >= RUN_MIN;
    }

    private int mostFrequentLength(boolean isFromPop) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (Delivered record : records) {
            boolean isToPop = record.destination() == POP;
            if (!isToPop && (record.source() == POP) == isFromPop) {
                counts.merge(record.length(), 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(0);
    }

    private static long pair(Delivered record) {
        return (long) record.source() << 32 | record.destination() & 0xFFFF_FFFFL;
    }
}
