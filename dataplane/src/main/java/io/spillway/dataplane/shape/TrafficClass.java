package io.spillway.dataplane.shape;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;

/**
 * What goes before what on a link that is full, by the DSCP that the packet's sender wrote. Each
 * has a share that is its own; what others leave goes to the first that waits.
 */
enum TrafficClass {
    /** Voice and network control: CS5, VOICE-ADMIT, EF, CS6, CS7. */
    PRIORITY(8),
    DEFAULT(7),
    /** CS1 and LE (RFC 8622). */
    BULK(1);

    static final int SHARES = 16;

    private static final int DSCP_SHIFT = 2; // RFC 3168 §5: ECN below it
    private static final int LE = 1; // RFC 8622 §3
    private static final int CS1 = 8; // RFC 2474 §4.2.2
    private static final int CS5 = 40;
    private static final int VOICE_ADMIT = 44; // RFC 5865 §2.3
    private static final int EF = 46; // RFC 3246 §2.7
    private static final int CS6 = 48;
    private static final int CS7 = 56;

    private final int share;

    TrafficClass(int share) {
        this.share = share;
    }

    /** Sixteenths of the link. */
    int share() {
        return share;
    }

    /** What is no IP packet is DEFAULT. */
    static TrafficClass of(PacketBuffer packet) {
        return switch (dscp(packet)) {
            case CS5, VOICE_ADMIT, EF, CS6, CS7 -> PRIORITY;
            case CS1, LE -> BULK;
            default -> DEFAULT;
        };
    }

    private static int dscp(PacketBuffer packet) {
        return switch (packet.ipVersion) {
            case 4 -> Ipv4Header.typeOfService(packet.memory(), packet.offset()) >> DSCP_SHIFT;
            case 6 -> Ipv6Header.trafficClass(packet.memory(), packet.offset()) >> DSCP_SHIFT;
            default -> 0;
        };
    }
}
