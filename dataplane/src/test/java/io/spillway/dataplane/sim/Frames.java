package io.spillway.dataplane.sim;

import static io.spillway.dataplane.header.Packets.ip;
import static io.spillway.dataplane.header.Packets.join;
import static io.spillway.dataplane.header.Packets.put16;
import static io.spillway.dataplane.header.Packets.slowSum;

import io.spillway.dataplane.header.Packets;
import java.util.Arrays;
import java.util.HexFormat;

/** What hosts on a LAN send, put together byte by byte. */
public final class Frames {
    public static final int IPV4 = 0x0800;
    public static final int ARP = 0x0806;
    public static final int IPV6 = 0x86DD;

    private Frames() {}

    /** An Ethernet frame, tagged unless {@code vlan} is 0. */
    public static byte[] ethernet(long to, long from, int vlan, int etherType, byte[] content) {
        byte[] type = {(byte) (etherType >>> 8), (byte) etherType};
        byte[] tag =
                vlan == 0
                        ? new byte[0]
                        : new byte[] {(byte) 0x81, 0, (byte) (vlan >>> 8), (byte) vlan};
        return join(mac(to), mac(from), tag, type, content);
    }

    /** An IP packet in its frame. */
    public static byte[] packet(long to, long from, int vlan, byte[] packet) {
        return ethernet(to, from, vlan, packet[0] >>> 4 == 4 ? IPV4 : IPV6, packet);
    }

    public static byte[] arp(boolean isRequest, long mac, String sender, long to, String target) {
        byte[] operation = {0, 1, 8, 0, 6, 4, 0, (byte) (isRequest ? 1 : 2)};
        return join(operation, mac(mac), ip(sender), mac(to), ip(target));
    }

    /** A UDP packet of either family with good checksums, TTL 64, DF not set. */
    public static byte[] udp(String source, String target, int port, byte[] data) {
        byte[] udp = join(new byte[8], data);
        put16(udp, 0, 40_000);
        put16(udp, 2, port);
        put16(udp, 4, udp.length);
        byte[] pseudo = {0, 17, (byte) (udp.length >>> 8), (byte) udp.length};
        int sum = slowSum(join(ip(source), ip(target), pseudo, udp));
        put16(udp, 6, sum == 0xFFFF ? 0xFFFF : ~sum);
        return source.contains(":")
                ? Packets.ipv6(17, 64, source, target, udp)
                : Packets.ipv4(17, 0, source, target, udp);
    }

    public static byte[] withTtl(byte[] ipv4, int ttl) {
        byte[] packet = ipv4.clone();
        packet[8] = (byte) ttl;
        return withChecksum(packet);
    }

    public static byte[] dontFragment(byte[] ipv4) {
        byte[] packet = ipv4.clone();
        packet[6] |= 0x40;
        return withChecksum(packet);
    }

    /** IPv4 header checksum over the header of 20 bytes. */
    public static byte[] withChecksum(byte[] ipv4) {
        put16(ipv4, 10, 0);
        put16(ipv4, 10, ~slowSum(Arrays.copyOf(ipv4, 20)));
        return ipv4;
    }

    /** Whether the IPv4 header's checksum and the lengths are right. */
    public static boolean isSoundIpv4(byte[] packet) {
        return packet[0] == 0x45
                && Packets.get16(packet, 2) == packet.length
                && slowSum(Arrays.copyOf(packet, 20)) == 0xFFFF;
    }

    /** The data of a UDP packet that {@link #udp} made. */
    public static byte[] data(byte[] packet) {
        int header = packet[0] >>> 4 == 4 ? 20 : 40;
        return Sim.behind(packet, header + 8);
    }

    public static byte[] mac(long mac) {
        return HexFormat.of().parseHex("%012x".formatted(mac));
    }

    public static long destination(byte[] frame) {
        return HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(frame, 0, 6));
    }

    /** What a frame holds behind its header of 14 bytes, or 18 with a tag. */
    public static byte[] content(byte[] frame) {
        return Sim.behind(frame, vlan(frame) == 0 ? 14 : 18);
    }

    public static int vlan(byte[] frame) {
        return Packets.get16(frame, 12) == 0x8100 ? Packets.get16(frame, 14) : 0;
    }
}
