package io.spillway.tap;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Builds netlink messages as the kernel would. */
final class NetlinkMessage {
    private final ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags, int sequence) {
        bytes.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
    }

    static NetlinkMessage link(int type, int family, int index, int flags, String name) {
        NetlinkMessage message = new NetlinkMessage(type, 0, 0);
        message.bytes.put((byte) family).put((byte) 0).putShort((short) 1);
        message.bytes.putInt(index).putInt(flags).putInt(0);
        return message.attribute(3, (name + "\0").getBytes(StandardCharsets.UTF_8))
                .attribute(4, number(1500));
    }

    static NetlinkMessage address(int type, int sequence, int link, String address, int prefix) {
        byte[] ip = InetAddress.ofLiteral(address).getAddress();
        NetlinkMessage message = new NetlinkMessage(type, 0, sequence);
        message.bytes.put((byte) (ip.length == 4 ? 2 : 10)).put((byte) prefix).putShort((short) 0);
        message.bytes.putInt(link);
        return message.attribute(1, ip);
    }

    static NetlinkMessage route(int type, int flags, int prefixLength, int kind) {
        NetlinkMessage message = new NetlinkMessage(type, flags, 0);
        message.bytes.put((byte) 2).put((byte) prefixLength).putShort((short) 0);
        message.bytes.put((byte) 254).putShort((short) 0).put((byte) kind).putInt(0);
        return message;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        bytes.position(NetlinkAttributes.align(bytes.position()));
        return this;
    }

    NetlinkMessage raw(byte[] value) {
        bytes.put(value);
        return this;
    }

    byte[] toBytes() {
        bytes.putInt(0, bytes.position());
        byte[] result = new byte[bytes.position()];
        bytes.get(0, result);
        return result;
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    static byte[] ip(String address) {
        return InetAddress.ofLiteral(address).getAddress();
    }
}
