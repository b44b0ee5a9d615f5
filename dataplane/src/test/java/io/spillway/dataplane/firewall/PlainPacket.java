package io.spillway.dataplane.firewall;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Extensions;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.routing.fib.IpAddress;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A packet in plain words, and its bytes.
 *
 * @param network that it comes in by, or what {@link #FROM_HOST} and {@link #FROM_POP} say
 * @param mac of the card that sent it
 * @param number destination port, or ICMP type and code
 * @param sourcePort of TCP and UDP, else the identifier of an ICMP question
 * @param flags of TCP
 * @param identification 16 bits, of the whole that a fragment is of
 * @param quoted what an ICMP error is about; null: nothing whole
 */
record PlainPacket(
        int network,
        long mac,
        IpAddress source,
        IpAddress destination,
        int protocol,
        int number,
        int sourcePort,
        int flags,
        Part part,
        int identification,
        PlainPacket quoted) {
    static final int FROM_HOST = -1;
    static final int FROM_POP = -2;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ESP = 50;
    static final int ICMPV6 = 58;

    static final int SYN = 0x02;
    static final int ACK = 0x10;

    private static final Set<Integer> ICMP_ERRORS = Set.of(3, 11, 12);
    private static final Set<Integer> ICMPV6_ERRORS = Set.of(1, 2, 3);
    private static final int HEADER_LENGTH = 8;
    private static final int TCP_LENGTH = 20;
    private static final int DATA_LENGTH = 16;
    private static final int QUOTED_LENGTH_MAX = 68;
    private static final int QUOTED_ROOM = 72;

    /** What of a whole it is. */
    enum Part {
        WHOLE,
        FIRST,
        LATER
    }

    boolean isIcmp() {
        return protocol == (source.isIpv4() ? ICMP : ICMPV6);
    }

    int type() {
        return number >>> 8;
    }

    boolean isError() {
        Set<Integer> errors = source.isIpv4() ? ICMP_ERRORS : ICMPV6_ERRORS;
        return part != Part.LATER && isIcmp() && errors.contains(type());
    }

    boolean hasPorts() {
        return protocol == TCP || protocol == UDP;
    }

    PlainPacket withFlags(int others) {
        return new PlainPacket(
                network,
                mac,
                source,
                destination,
                protocol,
                number,
                sourcePort,
                others,
                part,
                identification,
                quoted);
    }

    PlainPacket withPart(Part other, int otherIdentification) {
        return new PlainPacket(
                network,
                mac,
                source,
                destination,
                protocol,
                number,
                sourcePort,
                flags,
                other,
                otherIdentification,
                quoted);
    }

    PlainPacket from(int otherNetwork) {
        return new PlainPacket(
                otherNetwork,
                mac,
                source,
                destination,
                protocol,
                number,
                sourcePort,
                flags,
                part,
                identification,
                quoted);
    }

    // ---- bytes

    byte[] bytes() {
        byte[] content = content();
        UnsafeBuffer packet;
        if (source.isIpv4()) {
            packet = new UnsafeBuffer(new byte[Ipv4Header.LENGTH_MIN + content.length]);
            Ipv4Header.write(
                    packet,
                    0,
                    0,
                    packet.capacity(),
                    protocol,
                    source.toIpv4(),
                    destination.toIpv4());
            packet.putShort(Ipv4Header.IDENTIFICATION_OFFSET, (short) identification, BIG_ENDIAN);
            packet.putShort(Ipv4Header.FRAGMENT_OFFSET, (short) fragmentField(), BIG_ENDIAN);
            Ipv4Header.writeChecksum(packet, 0);
        } else {
            packet = new UnsafeBuffer(new byte[Ipv6Header.LENGTH + content.length]);
            int next = part == Part.WHOLE ? protocol : Ipv6Extensions.FRAGMENT;
            Ipv6Header.write(packet, 0, content.length, next, 64);
            packet.putInt(0, 6 << 28 | identification, BIG_ENDIAN); // as the flow's label
            Ipv6Header.writeSource(packet, 0, source.high(), source.low());
            Ipv6Header.writeDestination(packet, 0, destination.high(), destination.low());
        }
        packet.putBytes(packet.capacity() - content.length, content);
        return packet.byteArray();
    }

    private int fragmentField() {
        return switch (part) {
            case WHOLE -> 0;
            case FIRST -> Ipv4Header.MORE_FRAGMENTS;
            case LATER -> transport().length / 8;
        };
    }

    /** What stands behind the IP header. */
    private byte[] content() {
        byte[] data = part == Part.LATER ? new byte[DATA_LENGTH] : transport();
        if (source.isIpv4() || part == Part.WHOLE) {
            return data;
        }
        UnsafeBuffer content = new UnsafeBuffer(new byte[HEADER_LENGTH + data.length]);
        content.putByte(0, (byte) protocol);
        int field = part == Part.FIRST ? 1 : transport().length;
        content.putShort(2, (short) field, BIG_ENDIAN);
        content.putInt(4, identification, BIG_ENDIAN);
        content.putBytes(HEADER_LENGTH, data);
        return content.byteArray();
    }

    /** A multiple of eight bytes, which a first fragment needs. */
    private byte[] transport() {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[transportLength()]);
        if (isIcmp()) {
            bytes.putShort(0, (short) number, BIG_ENDIAN);
            bytes.putShort(4, (short) sourcePort, BIG_ENDIAN);
            if (quoted != null) {
                byte[] about = quoted.bytes();
                bytes.putBytes(HEADER_LENGTH, about, 0, Math.min(about.length, QUOTED_LENGTH_MAX));
            }
        } else if (hasPorts()) {
            bytes.putShort(0, (short) sourcePort, BIG_ENDIAN);
            bytes.putShort(2, (short) number, BIG_ENDIAN);
            if (protocol == TCP) {
                bytes.putByte(12, (byte) (TCP_LENGTH / 4 << 4));
                bytes.putByte(13, (byte) flags);
            } else {
                bytes.putShort(4, (short) bytes.capacity(), BIG_ENDIAN);
            }
        }
        return bytes.byteArray();
    }

    private int transportLength() {
        return HEADER_LENGTH + (quoted == null ? DATA_LENGTH : QUOTED_ROOM);
    }
}
