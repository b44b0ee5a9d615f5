package io.spillway.dataplane.shape;

import io.spillway.dataplane.buffer.PacketBuffer;

/**
 * Bytes that packets take on the link: as IP packets of the WAN, each with a header and a record of
 * its own, {@link PacketBuffer#wireOverhead} in all.
 */
final class WireLength {
    private WireLength() {}

    /** Of all that it stands for. */
    static int of(PacketBuffer first) {
        if (first.segmentLength > 0) {
            int payloadLength = first.length() - first.payloadOffset;
            return payloadLength + first.packetCount() * headersLength(first);
        }
        int length = 0;
        for (PacketBuffer packet = first; packet != null; packet = packet.next()) {
            length += packet.length() + first.wireOverhead;
        }
        return length;
    }

    /** Of the first packet only. */
    static int ofFirst(PacketBuffer first) {
        return first.segmentLength > 0
                ? first.segmentLength + headersLength(first)
                : first.length() + first.wireOverhead;
    }

    private static int headersLength(PacketBuffer superFrame) {
        return superFrame.payloadOffset + superFrame.wireOverhead;
    }
}
