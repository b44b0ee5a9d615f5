package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.IcmpHeader;
import io.spillway.dataplane.header.Icmpv6Header;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TcpHeader;
import io.spillway.dataplane.header.UdpHeader;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** The packet that an ICMP error is about, as far as it is quoted there (RFC 792, RFC 4443). */
final class QuotedPacket {
    private static final int IPV4 = 4;
    private static final int IPV6 = 6;

    /** All that RFC 792 promises of the transport: both ports, or an echo's identifier. */
    private static final int TRANSPORT_LENGTH = 8;

    private static final int DESTINATION_PORT_OFFSET = 2;
    private static final int IDENTIFIER_OFFSET = 4;

    private QuotedPacket() {}

    static boolean isError(PacketBuffer packet) {
        if (packet.isLaterFragment) {
            return false;
        }
        int at = packet.offset() + packet.transportOffset;
        return switch (packet.protocol) {
            case IcmpHeader.PROTOCOL ->
                    packet.ipVersion == IPV4
                            && IcmpHeader.isError(IcmpHeader.type(packet.memory(), at));
            case Icmpv6Header.PROTOCOL ->
                    packet.ipVersion == IPV6
                            && Icmpv6Header.isError(Icmpv6Header.type(packet.memory(), at));
            default -> false;
        };
    }

    /**
     * Fills the tuple of the packet that the error quotes.
     *
     * @return false: too little of it is there, it is a later fragment, or the error goes to
     *     another than who sent it
     */
    static boolean read(PacketBuffer error, FiveTuple quoted) {
        int at = error.offset() + error.transportOffset + IcmpHeader.LENGTH;
        int length = error.length() - error.transportOffset - IcmpHeader.LENGTH;
        DirectBuffer memory = error.memory();
        boolean isRead =
                error.ipVersion == IPV4
                        ? readIpv4(memory, at, length, quoted)
                        : readIpv6(memory, at, length, quoted);
        return isRead
                && quoted.sourceHigh == error.tuple.destinationHigh
                && quoted.sourceLow == error.tuple.destinationLow;
    }

    private static boolean readIpv4(DirectBuffer memory, int at, int length, FiveTuple quoted) {
        if (length < Ipv4Header.LENGTH_MIN || Ipv4Header.version(memory, at) != IPV4) {
            return false;
        }
        int headerLength = Ipv4Header.headerLength(memory, at);
        if (headerLength < Ipv4Header.LENGTH_MIN
                || length < headerLength + TRANSPORT_LENGTH
                || Ipv4Header.isLaterFragment(memory, at)) {
            return false;
        }
        quoted.sourceHigh = 0;
        quoted.sourceLow = Integer.toUnsignedLong(Ipv4Header.source(memory, at));
        quoted.destinationHigh = 0;
        quoted.destinationLow = Integer.toUnsignedLong(Ipv4Header.destination(memory, at));
        readTransport(memory, at + headerLength, Ipv4Header.protocol(memory, at), quoted);
        return true;
    }

    /** One behind extension headers is taken for unknown. */
    private static boolean readIpv6(DirectBuffer memory, int at, int length, FiveTuple quoted) {
        if (length < Ipv6Header.LENGTH + TRANSPORT_LENGTH
                || Ipv6Header.version(memory, at) != IPV6) {
            return false;
        }
        quoted.sourceHigh = Ipv6Header.sourceHigh(memory, at);
        quoted.sourceLow = Ipv6Header.sourceLow(memory, at);
        quoted.destinationHigh = Ipv6Header.destinationHigh(memory, at);
        quoted.destinationLow = Ipv6Header.destinationLow(memory, at);
        int protocol = Ipv6Header.nextHeader(memory, at);
        readTransport(memory, at + Ipv6Header.LENGTH, protocol, quoted);
        return true;
    }

    private static void readTransport(DirectBuffer memory, int at, int protocol, FiveTuple quoted) {
        quoted.protocol = protocol;
        quoted.sourcePort = 0;
        quoted.destinationPort = 0;
        switch (protocol) {
            case TcpHeader.PROTOCOL, UdpHeader.PROTOCOL -> {
                quoted.sourcePort = port(memory, at);
                quoted.destinationPort = port(memory, at + DESTINATION_PORT_OFFSET);
            }
            case IcmpHeader.PROTOCOL -> {
                int question = IcmpHeader.question(IcmpHeader.type(memory, at));
                readIcmp(memory, at, question, IcmpHeader.hasIdentifier(question), quoted);
            }
            case Icmpv6Header.PROTOCOL -> {
                int question = Icmpv6Header.question(Icmpv6Header.type(memory, at));
                readIcmp(memory, at, question, Icmpv6Header.hasIdentifier(question), quoted);
            }
            default -> {}
        }
    }

    private static void readIcmp(
            DirectBuffer memory, int at, int question, boolean hasIdentifier, FiveTuple quoted) {
        int code = hasIdentifier ? 0 : IcmpHeader.code(memory, at);
        quoted.protocol = FiveTuple.icmp(quoted.protocol, question, code);
        if (hasIdentifier) {
            quoted.sourcePort = port(memory, at + IDENTIFIER_OFFSET);
            quoted.destinationPort = quoted.sourcePort;
        }
    }

    private static int port(DirectBuffer memory, int at) {
        return memory.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
