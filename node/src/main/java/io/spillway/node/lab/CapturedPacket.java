package io.spillway.node.lab;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A view on a captured packet's outer headers: Ethernet or Linux "cooked" v2, then IPv4 or IPv6,
 * then UDP or TCP.
 *
 * <p>Fields that the captured bytes do not hold read as 0 or -1; nothing is ever read behind them.
 */
final class CapturedPacket {
    static final int ARP = 0x0806;
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86DD;
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;

    private static final int ETHERNET_LENGTH = 14;
    private static final int SLL2_LENGTH = 20;
    private static final int SLL2_PACKET_TYPE_OFFSET = 10;
    private static final int SLL2_HOST = 0;
    private static final int SLL2_OUTGOING = 4;
    private static final int SLL2_HARDWARE_OFFSET = 8;

    /** ARPHRD_NONE: a TUN device. */
    private static final int NO_HARDWARE = 0xFFFE;

    private static final int IPV6_LENGTH = 40;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;
    private int etherType;
    private boolean isOutgoing;
    private boolean isIncoming;
    private int ipOffset;
    private int protocol;
    private boolean isFragment;
    private int transportOffset;

    void wrap(int linkType, byte[] packet, int packetLength) {
        bytes = packet;
        length = packetLength;
        protocol = -1;
        isFragment = false;
        if (linkType == PcapReader.LINK_LINUX_SLL2) {
            etherType = u16(0);
            boolean isWire = u16(SLL2_HARDWARE_OFFSET) != NO_HARDWARE;
            isOutgoing = isWire && u8(SLL2_PACKET_TYPE_OFFSET) == SLL2_OUTGOING;
            isIncoming = isWire && u8(SLL2_PACKET_TYPE_OFFSET) == SLL2_HOST;
            ipOffset = SLL2_LENGTH;
        } else {
            etherType = u16(ETHERNET_LENGTH - 2);
            isOutgoing = false;
            isIncoming = false;
            ipOffset = ETHERNET_LENGTH;
        }
        if (etherType == IPV4) wrapIpv4();
        if (etherType == IPV6) wrapIpv6();
    }

    private void wrapIpv4() {
        protocol = u8(ipOffset + 9);
        isFragment = (u16(ipOffset + 6) & 0x3FFF) != 0;
        transportOffset = ipOffset + (u8(ipOffset) & 0x0F) * 4;
    }

    /** Extension headers are left as the protocol: nothing in the lab has any. */
    private void wrapIpv6() {
        protocol = u8(ipOffset + 6);
        transportOffset = ipOffset + IPV6_LENGTH;
    }

    int etherType() {
        return etherType;
    }

    /**
     * Whether the capturing machine sent it on a wire: what the Internet really delivered, not what
     * waits in {@link ImpairmentRelay}. Only "cooked" captures tell.
     */
    boolean isOutgoing() {
        return isOutgoing;
    }

    /** Whether it came in by a wire, for the capturing machine to keep or pass on. */
    boolean isIncoming() {
        return isIncoming;
    }

    /** The IP protocol, or -1. */
    int protocol() {
        return protocol;
    }

    boolean isFragment() {
        return isFragment;
    }

    /** IPv4 only. */
    int source() {
        return i32(ipOffset + 12);
    }

    /** IPv4 only. */
    int destination() {
        return i32(ipOffset + 16);
    }

    int sourcePort() {
        return u16(transportOffset);
    }

    int destinationPort() {
        return u16(transportOffset + 2);
    }

    int udpPayloadLength() {
        return u16(transportOffset + 4) - 8;
    }

    /** A byte of the UDP payload, or -1. */
    int udpPayload(int index) {
        return transportOffset + 8 + index < length ? u8(transportOffset + 8 + index) : -1;
    }

    /** The four bytes of the UDP payload at the index, or 0. */
    int udpPayloadInt(int index) {
        return i32(transportOffset + 8 + index);
    }

    private int u8(int offset) {
        return offset < length ? bytes[offset] & 0xFF : 0;
    }

    private int u16(int offset) {
        return u8(offset) << 8 | u8(offset + 1);
    }

    private int i32(int offset) {
        return offset + Integer.BYTES <= length ? (int) INT.get(bytes, offset) : 0;
    }

    /** For people: what it is, from where to where. */
    String describe() {
        if (etherType != IPV4) return "etherType 0x%04x protocol %d".formatted(etherType, protocol);
        return "protocol %d %s:%d > %s:%d"
                .formatted(
                        protocol,
                        dotted(source()),
                        sourcePort(),
                        dotted(destination()),
                        destinationPort());
    }

    static int address(String dotted) {
        int address = 0;
        for (String part : dotted.split("\\.")) {
            address = address << 8 | Integer.parseInt(part);
        }
        return address;
    }

    static String dotted(int address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >>> 24,
                        address >>> 16 & 0xFF,
                        address >>> 8 & 0xFF,
                        address & 0xFF);
    }
}
