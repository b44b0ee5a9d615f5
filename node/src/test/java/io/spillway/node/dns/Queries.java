package io.spillway.node.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** DNS messages as hosts and servers write them. */
final class Queries {
    static final int TYPE_A = 1;

    private static final int CLASS_IN = 1;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8180;
    private static final int HEADER_LENGTH = 12;

    private Queries() {}

    static byte[] query(int id, String name) {
        return bytes(message(id, RECURSION_DESIRED, name));
    }

    /** With an OPT record (RFC 6891) that takes 4096 bytes and carries an option nobody knows. */
    static byte[] queryWithEdns(int id, String name) {
        ByteBuf query = message(id, RECURSION_DESIRED, name);
        query.setShort(10, 1);
        query.writeByte(0).writeShort(41).writeShort(4096).writeInt(0);
        return bytes(query.writeShort(6).writeShort(65_001).writeShort(2).writeShort(0xABCD));
    }

    /**
     * As a server answers: the same question, and behind it whatever it likes.
     *
     * @param code the response's
     */
    static byte[] answer(byte[] query, int code, String text) {
        ByteBuf answer = Unpooled.buffer().writeBytes(query);
        answer.setShort(2, RESPONSE | code);
        return bytes(answer.writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static ByteBuf message(int id, int flags, String name) {
        ByteBuf message = Unpooled.buffer();
        message.writeShort(id).writeShort(flags).writeShort(1);
        message.writeZero(HEADER_LENGTH - message.writerIndex());
        for (String label : name.split("\\.")) {
            message.writeByte(label.length());
            message.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        return message.writeByte(0).writeShort(TYPE_A).writeShort(CLASS_IN);
    }

    static byte[] bytes(ByteBuf message) {
        byte[] bytes = new byte[message.readableBytes()];
        message.getBytes(message.readerIndex(), bytes);
        return bytes;
    }

    static int id(byte[] message) {
        return (message[0] & 0xFF) << 8 | message[1] & 0xFF;
    }

    static int code(byte[] message) {
        return message[3] & 0xF;
    }

    /** What stands behind the question that the message has in common with {@code query}. */
    static String text(byte[] message, byte[] query) {
        int length = message.length - query.length;
        return new String(message, query.length, length, StandardCharsets.US_ASCII);
    }
}
