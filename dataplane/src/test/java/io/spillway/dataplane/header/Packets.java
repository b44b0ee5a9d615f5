package io.spillway.dataplane.header;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Packets for tests, put together byte by byte, and the slow obvious checksum. */
public final class Packets {
    private Packets() {}

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("[\\s:]", ""));
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public static void put16(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 8);
        bytes[offset + 1] = (byte) value;
    }

    public static int get16(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 8 | bytes[offset + 1] & 0xFF;
    }

    /** RFC 1071 §1, word by word. */
    public static int slowSum(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += i % 2 == 0 ? (bytes[i] & 0xFF) << 8 : bytes[i] & 0xFF;
            if (sum > 0xFFFF) {
                sum -= 0xFFFF;
            }
        }
        return sum;
    }

    /** Options must be a multiple of four bytes. */
    public static byte[] ipv4(
            int protocol, int fragmentField, String source, String target, byte[]... rest) {
        return ipv4WithOptions(protocol, fragmentField, source, target, new byte[0], rest);
    }

    public static byte[] ipv4WithOptions(
            int protocol,
            int fragmentField,
            String source,
            String target,
            byte[] options,
            byte[]... rest) {
        byte[] payload = join(rest);
        byte[] header = join(hex("4500 0000 1234 0000 4000 0000"), ip(source), ip(target), options);
        header[0] = (byte) (0x40 | header.length / 4);
        put16(header, 2, header.length + payload.length);
        put16(header, 6, fragmentField);
        header[9] = (byte) protocol;
        put16(header, 10, ~slowSum(header));
        return join(header, payload);
    }

    public static byte[] ipv6(
            int nextHeader, int hopLimit, String source, String target, byte[]... rest) {
        byte[] payload = join(rest);
        byte[] header = join(hex("6000 0000 0000 0000"), ip(source), ip(target));
        put16(header, 4, payload.length);
        header[6] = (byte) nextHeader;
        header[7] = (byte) hopLimit;
        return join(header, payload);
    }

    /** An ICMPv6 message with its checksum. */
    public static byte[] icmpv6(int hopLimit, String source, String target, byte[]... message) {
        byte[] body = join(message);
        put16(body, 2, 0);
        byte[] pseudo = {0, 0, (byte) (body.length >>> 8), (byte) body.length, 0, 0, 0, 58};
        put16(body, 2, ~slowSum(join(ip(source), ip(target), pseudo, body)));
        return ipv6(58, hopLimit, source, target, body);
    }

    /** A TCP segment with its checksum; options a multiple of four bytes. */
    public static byte[] tcpOverIpv4(int flags, byte[] options, byte[] data) {
        byte[] source = ip("10.1.0.7");
        byte[] target = ip("10.2.0.9");
        byte[] tcp = tcp(flags, options, data);
        byte[] pseudo = {0, 6, (byte) (tcp.length >>> 8), (byte) tcp.length};
        put16(tcp, 16, ~slowSum(join(source, target, pseudo, tcp)));
        return ipv4(6, 0x4000, "10.1.0.7", "10.2.0.9", tcp);
    }

    public static byte[] tcpOverIpv6(int flags, byte[] options, byte[] data) {
        byte[] tcp = tcp(flags, options, data);
        byte[] pseudo = {0, 0, (byte) (tcp.length >>> 8), (byte) tcp.length, 0, 0, 0, 6};
        put16(tcp, 16, ~slowSum(join(ip("fd00:1::7"), ip("fd00:2::9"), pseudo, tcp)));
        return ipv6(6, 64, "fd00:1::7", "fd00:2::9", tcp);
    }

    private static byte[] tcp(int flags, byte[] options, byte[] data) {
        byte[] header = join(hex("c001 01bb 00000001 00000000 5000 ffff 0000 0000"), options);
        header[12] = (byte) (header.length / 4 << 4);
        header[13] = (byte) flags;
        return join(header, data);
    }

    public static byte[] ip(String text) {
        return java.net.InetAddress.ofLiteral(text).getAddress();
    }

    public static int ip4(String text) {
        return (int) Long.parseLong(HexFormat.of().formatHex(ip(text)), 16);
    }

    public static long high(String text) {
        return Long.parseUnsignedLong(HexFormat.of().formatHex(ip(text), 0, 8), 16);
    }

    public static long low(String text) {
        return Long.parseUnsignedLong(HexFormat.of().formatHex(ip(text), 8, 16), 16);
    }
}
