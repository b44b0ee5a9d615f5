package io.spillway.dataplane.header;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import org.agrona.DirectBuffer;

/**
 * Checks IP and transport headers once, and leaves what later steps need in the packet's fields:
 * they rely on it. Cuts Ethernet padding off. Proves what the kernel or a peer left to us
 * (checksum, segmentation), or completes it: see {@link Offloads}.
 *
 * <p>Owned by one agent.
 */
public final class PacketDecoder {
    private final Drops drops;

    public PacketDecoder(Drops drops) {
        this.drops = drops;
    }

    public void process(PacketBatch batch) {
        int kept = 0;
        for (int i = 0; i < batch.size(); i++) {
            PacketBuffer packet = batch.get(i);
            DropReason reason = decode(packet);
            if (reason == null) {
                batch.set(kept++, packet);
            } else {
                drops.drop(packet, reason);
            }
        }
        batch.truncate(kept);
    }

    /** Null when the packet is sound, else why it is not. Never reads outside its bytes. */
    static DropReason decode(PacketBuffer packet) {
        if (packet.length() == 0) {
            return DropReason.PACKET_TRUNCATED;
        }
        DropReason reason =
                switch (packet.memory().getByte(packet.offset()) >>> 4 & 0xF) {
                    case 4 -> decodeIpv4(packet);
                    case 6 -> decodeIpv6(packet);
                    default -> DropReason.PACKET_NOT_IP;
                };
        return reason == null ? Offloads.settle(packet) : reason;
    }

    private static DropReason decodeIpv4(PacketBuffer packet) {
        DirectBuffer memory = packet.memory();
        int offset = packet.offset();
        if (!Ipv4Header.isValid(memory, offset, packet.length())) {
            return DropReason.PACKET_BAD_HEADER;
        }
        packet.truncate(Ipv4Header.totalLength(memory, offset));
        packet.ipVersion = 4;
        packet.isFragment = Ipv4Header.isFragment(memory, offset);
        packet.isLaterFragment = Ipv4Header.isLaterFragment(memory, offset);
        packet.transportOffset = Ipv4Header.headerLength(memory, offset);
        int source = Ipv4Header.source(memory, offset);
        int destination = Ipv4Header.destination(memory, offset);
        packet.tuple.sourceHigh = 0;
        packet.tuple.sourceLow = Integer.toUnsignedLong(source);
        packet.tuple.destinationHigh = 0;
        packet.tuple.destinationLow = Integer.toUnsignedLong(destination);
        if (!Ipv4Header.isUnicast(source)) {
            return DropReason.PACKET_BAD_ADDRESS;
        }
        if (!Ipv4Header.isUnicast(destination)) {
            return DropReason.PACKET_MULTICAST;
        }
        return decodeTransport(packet, Ipv4Header.protocol(memory, offset));
    }

    private static DropReason decodeIpv6(PacketBuffer packet) {
        DirectBuffer memory = packet.memory();
        int offset = packet.offset();
        if (!Ipv6Header.isValid(memory, offset, packet.length())) {
            return DropReason.PACKET_BAD_HEADER;
        }
        packet.truncate(Ipv6Header.packetLength(memory, offset));
        long walk = Ipv6Extensions.walk(memory, offset);
        if (walk == Ipv6Extensions.MALFORMED) {
            return DropReason.PACKET_BAD_HEADER;
        }
        packet.ipVersion = 6;
        packet.isFragment = Ipv6Extensions.isFragment(walk);
        packet.isLaterFragment = Ipv6Extensions.isLaterFragment(walk);
        packet.transportOffset = Ipv6Extensions.offset(walk) - offset;
        DropReason reason = decodeIpv6Addresses(packet);
        return reason == null ? decodeTransport(packet, Ipv6Extensions.protocol(walk)) : reason;
    }

    private static DropReason decodeIpv6Addresses(PacketBuffer packet) {
        DirectBuffer memory = packet.memory();
        int offset = packet.offset();
        long sourceHigh = Ipv6Header.sourceHigh(memory, offset);
        long sourceLow = Ipv6Header.sourceLow(memory, offset);
        long destinationHigh = Ipv6Header.destinationHigh(memory, offset);
        long destinationLow = Ipv6Header.destinationLow(memory, offset);
        packet.tuple.sourceHigh = sourceHigh;
        packet.tuple.sourceLow = sourceLow;
        packet.tuple.destinationHigh = destinationHigh;
        packet.tuple.destinationLow = destinationLow;
        if (!Ipv6Header.isUnicast(sourceHigh, sourceLow) || Ipv6Header.isLinkLocal(sourceHigh)) {
            return DropReason.PACKET_BAD_ADDRESS;
        }
        if (Ipv6Header.isMulticast(destinationHigh)) {
            return DropReason.PACKET_MULTICAST;
        }
        boolean isRoutable =
                Ipv6Header.isUnicast(destinationHigh, destinationLow)
                        && !Ipv6Header.isLinkLocal(destinationHigh);
        return isRoutable ? null : DropReason.PACKET_BAD_ADDRESS;
    }

    private static DropReason decodeTransport(PacketBuffer packet, int protocol) {
        packet.protocol = protocol;
        packet.tuple.protocol = protocol;
        packet.tuple.sourcePort = 0;
        packet.tuple.destinationPort = 0;
        packet.payloadOffset = packet.transportOffset;
        if (packet.isLaterFragment) {
            packet.tuple.protocol |= FiveTuple.LATER_FRAGMENT;
            return null;
        }
        DirectBuffer memory = packet.memory();
        int transport = packet.offset() + packet.transportOffset;
        int length = packet.length() - packet.transportOffset;
        return switch (protocol) {
            case TcpHeader.PROTOCOL -> decodeTcp(packet, memory, transport, length);
            case UdpHeader.PROTOCOL -> decodeUdp(packet, memory, transport, length);
            case IcmpHeader.PROTOCOL -> decodeIcmp(packet, memory, transport, length);
            case Icmpv6Header.PROTOCOL -> decodeIcmpv6(packet, memory, transport, length);
            default -> null;
        };
    }

    private static DropReason decodeTcp(
            PacketBuffer packet, DirectBuffer memory, int transport, int length) {
        if (!TcpHeader.isValid(memory, transport, length)) {
            return DropReason.PACKET_TRUNCATED;
        }
        packet.payloadOffset += TcpHeader.headerLength(memory, transport);
        packet.tuple.sourcePort = TcpHeader.sourcePort(memory, transport);
        packet.tuple.destinationPort = TcpHeader.destinationPort(memory, transport);
        return null;
    }

    private static DropReason decodeUdp(
            PacketBuffer packet, DirectBuffer memory, int transport, int length) {
        // The first fragment states the whole datagram's length, so only its header must be there.
        boolean isSound =
                packet.isFragment
                        ? length >= UdpHeader.LENGTH
                        : UdpHeader.isValid(memory, transport, length);
        if (!isSound) {
            return DropReason.PACKET_TRUNCATED;
        }
        packet.payloadOffset += UdpHeader.LENGTH;
        packet.tuple.sourcePort = UdpHeader.sourcePort(memory, transport);
        packet.tuple.destinationPort = UdpHeader.destinationPort(memory, transport);
        return null;
    }

    private static DropReason decodeIcmp(
            PacketBuffer packet, DirectBuffer memory, int transport, int length) {
        if (length < IcmpHeader.LENGTH) {
            return DropReason.PACKET_TRUNCATED;
        }
        int question = IcmpHeader.question(IcmpHeader.type(memory, transport));
        boolean hasIdentifier = IcmpHeader.hasIdentifier(question);
        int code = hasIdentifier ? 0 : IcmpHeader.code(memory, transport);
        packet.tuple.protocol = FiveTuple.icmp(packet.protocol, question, code);
        if (hasIdentifier) {
            setBothPorts(packet, IcmpHeader.identifier(memory, transport));
        }
        return null;
    }

    private static DropReason decodeIcmpv6(
            PacketBuffer packet, DirectBuffer memory, int transport, int length) {
        if (length < Icmpv6Header.LENGTH) {
            return DropReason.PACKET_TRUNCATED;
        }
        int question = Icmpv6Header.question(Icmpv6Header.type(memory, transport));
        boolean hasIdentifier = Icmpv6Header.hasIdentifier(question);
        int code = hasIdentifier ? 0 : Icmpv6Header.code(memory, transport);
        packet.tuple.protocol = FiveTuple.icmp(packet.protocol, question, code);
        if (hasIdentifier) {
            setBothPorts(packet, Icmpv6Header.identifier(memory, transport));
        }
        return null;
    }

    /** An echo's identifier names the conversation in both directions. */
    private static void setBothPorts(PacketBuffer packet, int identifier) {
        packet.tuple.sourcePort = identifier;
        packet.tuple.destinationPort = identifier;
    }
}
