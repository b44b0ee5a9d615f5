package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What went between two sites in a moment, by the way it took: from captures of the Internet and of
 * the private WAN, where everything is DTLS. So a packet is known by its length, which a record
 * makes longer by the same for all.
 *
 * @param counts records that were delivered
 */
record PathShares(Map<Kind, Long> counts) {
    /** By what it went. */
    enum Way {
        CLOUD,
        OFF_CLOUD,
        ALT_WAN
    }

    private static final int POP = CapturedPacket.address(LabSite.POP_ADDRESS);
    private static final long WINDOW_MS = 1_000;

    /**
     * Records that look alike.
     *
     * @param isToCentre else it comes from there
     * @param length of the datagram's payload
     */
    private record Kind(Way way, boolean isToCentre, int length) {}

    /**
     * Looks for a second.
     *
     * @param centre the site at which all of it begins or ends
     */
    static PathShares capture(Stage stage, LabSite branch, LabSite centre)
            throws IOException, InterruptedException {
        Path directory = stage.directory();
        String[] namespaces = {LabSite.INTERNET_NAMESPACE, LabUplink.ALT_WAN.namespace()};
        PacketCapture[] captures = new PacketCapture[namespaces.length];
        for (int i = 0; i < namespaces.length; i++) {
            Path file = directory.resolve("shares-" + namespaces[i] + ".pcap");
            Path namespace = stage.network().namespacePath(namespaces[i]);
            captures[i] = PacketCapture.start(namespace, null, file);
        }
        Thread.sleep(WINDOW_MS);
        for (PacketCapture capture : captures) {
            capture.stop();
        }
        PathShares shares = new PathShares(new HashMap<>());
        for (PacketCapture capture : captures) {
            shares.read(capture.file(), branch, centre);
            Files.delete(capture.file());
        }
        return shares;
    }

    private void read(Path file, LabSite branch, LabSite centre) throws IOException {
        CapturedPacket packet = new CapturedPacket();
        try (PcapReader reader = new PcapReader(file)) {
            while (reader.next()) {
                packet.wrap(reader.linkType(), reader.packet(), reader.length());
                if (packet.isOutgoing() && packet.protocol() == CapturedPacket.UDP) {
                    count(packet, branch, centre);
                }
            }
        }
    }

    private void count(CapturedPacket packet, LabSite branch, LabSite centre) {
        for (LabUplink uplink : new LabUplink[] {LabUplink.FIRST, LabUplink.ALT_WAN}) {
            int here = CapturedPacket.address(uplink.address(centre));
            int there = CapturedPacket.address(uplink.address(branch));
            boolean isTo = packet.destination() == here;
            int other = isTo ? packet.source() : packet.destination();
            boolean isOfCentre = isTo || packet.source() == here;
            Way way = isOfCentre ? way(uplink, other, there) : null;
            if (way != null) {
                counts.merge(new Kind(way, isTo, packet.udpPayloadLength()), 1L, Long::sum);
            }
        }
    }

    /** Null: it leads elsewhere. */
    private static Way way(LabUplink uplink, int other, int branch) {
        if (other == branch) {
            return uplink == LabUplink.ALT_WAN ? Way.ALT_WAN : Way.OFF_CLOUD;
        }
        return other == POP ? Way.CLOUD : null;
    }

    /** Of that length, in the direction that had fewer. */
    long each(Way way, int length) {
        return Math.min(of(way, true, length), of(way, false, length));
    }

    /** Of that length, in both directions, by all other ways. */
    long elsewhere(Way but, int length) {
        long sum = 0;
        for (Way way : Way.values()) {
            sum += way == but ? 0 : of(way, true, length) + of(way, false, length);
        }
        return sum;
    }

    private long of(Way way, boolean isToCentre, int length) {
        return counts.getOrDefault(new Kind(way, isToCentre, length), 0L);
    }
}
