package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import org.agrona.DirectBuffer;

/** Puts into a {@link PacketKey} what a decoded packet says. */
final class PacketKeys {
    private static final int IPV4 = 4;
    private static final int TYPE_BITS = 8;

    private PacketKeys() {}

    /**
     * All but side and MAC.
     *
     * @param isForward as it is; else as the packet was that it answers
     */
    static void fill(PacketKey key, PacketBuffer packet, boolean isForward) {
        FiveTuple tuple = packet.tuple;
        long mapped = packet.ipVersion == IPV4 ? ValueSet.mapped(0) : 0;
        if (isForward) {
            key.sourceHigh = tuple.sourceHigh;
            key.sourceLow = tuple.sourceLow | mapped;
            key.destinationHigh = tuple.destinationHigh;
            key.destinationLow = tuple.destinationLow | mapped;
            key.sourcePort = tuple.sourcePort;
        } else {
            key.sourceHigh = tuple.destinationHigh;
            key.sourceLow = tuple.destinationLow | mapped;
            key.destinationHigh = tuple.sourceHigh;
            key.destinationLow = tuple.sourceLow | mapped;
            key.sourcePort = tuple.destinationPort;
        }
        int number = isForward ? tuple.destinationPort : tuple.sourcePort;
        key.service = PacketKey.service(packet.protocol, number);
        if (isIcmp(packet)) {
            key.service = PacketKey.service(packet.protocol, typeAndCode(packet, isForward));
            key.sourcePort = 0;
        }
    }

    private static boolean isIcmp(PacketBuffer packet) {
        return packet.protocol
                == (packet.ipVersion == IPV4 ? IcmpHeader.PROTOCOL : Icmpv6Header.PROTOCOL);
    }

    /** Of a later fragment 0. What is answered has the type of the question. */
    private static int typeAndCode(PacketBuffer packet, boolean isForward) {
        if (packet.isLaterFragment) {
            return 0;
        }
        DirectBuffer memory = packet.memory();
        int at = packet.offset() + packet.transportOffset;
        boolean isIpv4 = packet.ipVersion == IPV4;
        int type = isIpv4 ? IcmpHeader.type(memory, at) : Icmpv6Header.type(memory, at);
        int code = memory.getByte(at + 1) & 0xFF;
        if (!isForward) {
            type = isIpv4 ? IcmpHeader.question(type) : Icmpv6Header.question(type);
        }
        return type << TYPE_BITS | code;
    }
}
