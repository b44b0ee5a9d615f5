package io.spillway.dataplane.segment;

import static io.spillway.dataplane.header.Packets.get16;
import static io.spillway.dataplane.header.Packets.join;
import static io.spillway.dataplane.header.Packets.put16;
import static io.spillway.dataplane.header.Packets.slowSum;

import io.spillway.dataplane.header.Packets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Segmentation as the text books have it, one array a packet; packets of IPv4 without options or
 * IPv6 without extension headers, with TCP or UDP. And random packets to try it on.
 */
public final class SlowSegments {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int FIN_PSH = 0x09;
    private static final int CWR = 0x80;

    private SlowSegments() {}

    /** A random packet of up to 64 KiB; its checksums are right. */
    public static byte[] random(SplittableRandom random, int flow, int payloadLength) {
        boolean isIpv4 = flow % 2 == 0;
        boolean isTcp = flow % 4 < 2;
        byte[] options = Packets.random(random, isTcp ? 4 * random.nextInt(11) : 0);
        byte[] transport = new byte[isTcp ? 20 : 8];
        put16(transport, 0, 1024 + flow);
        put16(transport, 2, 443);
        if (isTcp) {
            ByteBuffer.wrap(transport).putInt(4, random.nextInt()).putInt(8, random.nextInt());
            transport[12] = (byte) ((20 + options.length) / 4 << 4);
            transport[13] = (byte) (0x10 | random.nextInt() & (CWR | 0x40 | FIN_PSH));
            put16(transport, 14, random.nextInt());
        }
        byte[] rest = join(transport, options, Packets.random(random, payloadLength));
        int fragmentField = random.nextBoolean() ? 0x4000 : 0;
        byte[] packet =
                isIpv4
                        ? Packets.ipv4(
                                isTcp ? TCP : UDP, fragmentField, "10.1.0.7", "10.2.0.9", rest)
                        : Packets.ipv6(isTcp ? TCP : UDP, 64, "fd00:1::7", "fd00:2::9", rest);
        if (isIpv4) {
            put16(packet, 4, random.nextInt());
        }
        return sealed(packet);
    }

    /** The packets that a super-frame stands for, each with complete checksums. */
    public static List<byte[]> cut(byte[] packet, int segmentLength) {
        int header = payloadOffset(packet);
        List<byte[]> segments = new ArrayList<>();
        for (int from = header; from < packet.length; from += segmentLength) {
            int to = Math.min(packet.length, from + segmentLength);
            byte[] segment =
                    join(Arrays.copyOf(packet, header), Arrays.copyOfRange(packet, from, to));
            if (isIpv4(packet)) {
                put16(segment, 4, get16(packet, 4) + segments.size());
            }
            if (protocol(packet) == TCP) {
                int tcp = transportOffset(packet);
                ByteBuffer.wrap(segment)
                        .putInt(tcp + 4, ByteBuffer.wrap(packet).getInt(tcp + 4) + from - header);
                segment[tcp + 13] &= (byte) (to < packet.length ? ~FIN_PSH : ~0);
                segment[tcp + 13] &= (byte) (from > header ? ~CWR : ~0);
            }
            segments.add(sealed(segment));
        }
        return segments;
    }

    /** The packet with lengths and checksums as they must be. */
    public static byte[] sealed(byte[] packet) {
        byte[] whole = withLengths(packet);
        int transport = transportOffset(whole);
        int field = checksumOffset(whole);
        put16(whole, field, 0);
        byte[] body = Arrays.copyOfRange(whole, transport, whole.length);
        int sum = slowSum(join(pseudoHeader(whole), body));
        put16(whole, field, sum == 0xFFFF ? 0xFFFF : ~sum);
        return whole;
    }

    /** As {@link #sealed}, but the checksum of TCP or UDP covers the pseudo-header only. */
    public static byte[] partial(byte[] packet) {
        byte[] whole = withLengths(packet);
        put16(whole, checksumOffset(whole), slowSum(pseudoHeader(whole)));
        return whole;
    }

    public static int payloadOffset(byte[] packet) {
        int transport = transportOffset(packet);
        return transport + (protocol(packet) == TCP ? (packet[transport + 12] >>> 2 & 0x3C) : 8);
    }

    public static int transportOffset(byte[] packet) {
        return isIpv4(packet) ? 20 : 40;
    }

    public static int checksumOffset(byte[] packet) {
        return transportOffset(packet) + (protocol(packet) == TCP ? 16 : 6);
    }

    public static int sourcePort(byte[] packet) {
        return get16(packet, transportOffset(packet));
    }

    public static boolean isIpv4(byte[] packet) {
        return packet[0] >>> 4 == 4;
    }

    public static int protocol(byte[] packet) {
        return isIpv4(packet) ? packet[9] : packet[6];
    }

    private static byte[] withLengths(byte[] packet) {
        byte[] whole = packet.clone();
        int transport = transportOffset(whole);
        if (protocol(whole) == UDP) {
            put16(whole, transport + 4, whole.length - transport);
        }
        if (isIpv4(whole)) {
            put16(whole, 2, whole.length);
            put16(whole, 10, 0);
            put16(whole, 10, ~slowSum(Arrays.copyOf(whole, transport)));
        } else {
            put16(whole, 4, whole.length - transport);
        }
        return whole;
    }

    private static byte[] pseudoHeader(byte[] packet) {
        int transport = transportOffset(packet);
        int length = packet.length - transport;
        byte[] addresses = Arrays.copyOfRange(packet, isIpv4(packet) ? 12 : 8, transport);
        byte[] rest = {
            0, (byte) protocol(packet), (byte) (length >>> 8), (byte) length,
        };
        return join(addresses, rest);
    }
}
