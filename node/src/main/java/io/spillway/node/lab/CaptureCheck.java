package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at captures of the Internet: besides ARP, ND and ICMP only DTLS, STUN and TLS may be there,
 * and nowhere the hosts' marker.
 *
 * <p>DTLS and STUN are told by the port and the first byte (RFC 7983; STUN also by its magic
 * cookie, RFC 8489 §5), TLS by TCP port 443.
 */
final class CaptureCheck {
    private static final int STUN_MAGIC_COOKIE = 0x2112A442;
    private static final int TLS_PORT = 443;
    private final CapturedPacket packet = new CapturedPacket();
    private final Map<String, Long> kinds = new TreeMap<>();
    private long packets;
    private long marked;
    private long strangers;
    private String firstStranger = "none";

    void add(Path capture, Marker marker) throws IOException {
        try (PcapReader reader = new PcapReader(capture)) {
            while (reader.next()) {
                packet.wrap(reader.linkType(), reader.packet(), reader.length());
                packets++;
                if (marker.occursIn(reader.packet(), reader.length())) marked++;
                count(kind());
            }
        }
    }

    private void count(String kind) {
        kinds.merge(kind, 1L, Long::sum);
        if (!kind.equals("other")) return;
        if (strangers++ == 0) firstStranger = packet.describe();
    }

    private String kind() {
        if (packet.etherType() == CapturedPacket.ARP) return "ARP";
        if (packet.isFragment()) return "other";
        return switch (packet.protocol()) {
            case CapturedPacket.ICMP, CapturedPacket.ICMPV6 -> "ICMP, ND";
            case CapturedPacket.TCP -> isTls() ? "TLS" : "other";
            case CapturedPacket.UDP -> udpKind();
            default -> "other";
        };
    }

    private boolean isTls() {
        return packet.sourcePort() == TLS_PORT || packet.destinationPort() == TLS_PORT;
    }

    private String udpKind() {
        if (!isTunnelPort(packet.sourcePort()) && !isTunnelPort(packet.destinationPort())) {
            return "other";
        }
        int first = packet.udpPayload(0);
        if (first >= 20 && first <= 63) return "DTLS";
        boolean isStun = first >= 0 && first <= 3 && packet.udpPayloadInt(4) == STUN_MAGIC_COOKIE;
        return isStun ? "STUN" : "other";
    }

    /** The PoP's two ports (DESIGN §5) and a site's range. */
    static boolean isTunnelPort(int port) {
        return port == 443 || port == 1337 || port >= 20060 && port <= 20091;
    }

    long packets() {
        return packets;
    }

    /** Packets in which the marker occurs. */
    long marked() {
        return marked;
    }

    /** Packets that are none of what may be there. */
    long strangers() {
        return strangers;
    }

    String firstStranger() {
        return firstStranger;
    }

    /** Packets by kind. */
    Map<String, Long> kinds() {
        return kinds;
    }

    long count(Kind kind) {
        return kinds.getOrDefault(kind.text, 0L);
    }

    /** The kinds others ask for. */
    enum Kind {
        DTLS("DTLS"),
        TLS("TLS");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }
}
