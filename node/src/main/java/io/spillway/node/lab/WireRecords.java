package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One direction of a lab's traffic in a capture of its Internet, which shows only DTLS records: the
 * hosts' streams have payloads of one length, so the most frequent length between the sending site
 * and the PoP is the stream's, and that between both sites too. Shorter records between that site
 * and the PoP are probes and their replies, as long as no other traffic passes there.
 *
 * @param direct when the Internet delivered a stream's record from site to site
 * @param probes when the sending site sent a probe to the PoP
 * @param replies when the Internet delivered the PoP's reply
 */
record WireRecords(List<Long> direct, List<Long> probes, List<Long> replies) {
    private static final int DTLS_CONNECTION_ID = 25;
    private static final int POP = CapturedPacket.address(LabSite.POP_ADDRESS);

    private record Seen(long timeNs, int length) {}

    /** Times are nanoseconds since the epoch. */
    static WireRecords read(Path capture, Direction direction) throws IOException {
        int from = CapturedPacket.address(direction.from().wanAddress());
        int to = CapturedPacket.address(direction.to().wanAddress());
        List<Seen> direct = new ArrayList<>();
        List<Seen> toPop = new ArrayList<>();
        List<Seen> fromPop = new ArrayList<>();
        CapturedPacket packet = new CapturedPacket();
        try (PcapReader reader = new PcapReader(capture)) {
            while (reader.next()) {
                packet.wrap(reader.linkType(), reader.packet(), reader.length());
                if (!isRecord(packet)) continue;
                Seen seen = new Seen(reader.timeNs(), packet.udpPayloadLength());
                if (packet.isIncoming() && packet.source() == from && packet.destination() == POP) {
                    toPop.add(seen);
                } else if (packet.isOutgoing() && packet.destination() == from) {
                    if (packet.source() == POP) fromPop.add(seen);
                } else if (packet.isOutgoing() && packet.source() == from) {
                    if (packet.destination() == to) direct.add(seen);
                }
            }
        }
        return new WireRecords(times(direct, true), times(toPop, false), times(fromPop, false));
    }

    private static boolean isRecord(CapturedPacket packet) {
        return packet.etherType() == CapturedPacket.IPV4
                && packet.protocol() == CapturedPacket.UDP
                && !packet.isFragment()
                && packet.udpPayload(0) == DTLS_CONNECTION_ID;
    }

    /**
     * Of the stream's, or of probes, which are shorter; longer ones are several of the stream's
     * that the kernel has joined.
     */
    private static List<Long> times(List<Seen> all, boolean isOfStream) {
        Map<Integer, Integer> counts = new HashMap<>();
        all.forEach(seen -> counts.merge(seen.length(), 1, Integer::sum));
        int stream =
                counts.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(0);
        return all.stream()
                .filter(seen -> isOfStream ? seen.length() == stream : seen.length() < stream)
                .map(Seen::timeNs)
                .sorted()
                .toList();
    }
}
