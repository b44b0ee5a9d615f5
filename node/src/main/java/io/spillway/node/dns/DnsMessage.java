package io.spillway.node.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.util.Locale;

/**
 * A DNS message in a buffer that begins with it (RFC 1035 section 4.1). Only its header and its
 * question are looked at: whatever else there is (EDNS, signatures, types that nobody knows yet)
 * goes on as it came, which decoding and encoding could not promise.
 *
 * <pre>
 *   | ID (2) | QR, opcode (4 bits), AA, TC, RD | RA, Z, AD, CD, response code (4 bits) |
 *   | questions (2) | answers (2) | authority (2) | additional (2) |
 *   | name, up to an empty label | type (2) | class (2) |  records ...
 * </pre>
 */
final class DnsMessage {
    /** Whatever a datagram or a message over TCP can carry, bytes. */
    static final int LENGTH_MAX = 65_535;

    /** Of {@link #questionEnd}: there is none that we understand. */
    static final int NO_QUESTION = 0;

    private static final int FLAGS_OFFSET = 2;
    private static final int QUESTIONS_OFFSET = 4;
    private static final int HEADER_LENGTH = 12;
    private static final int NAME_LENGTH_MAX = 255;
    private static final int LABEL_LENGTH_MAX = 63;
    private static final int TYPE_AND_CLASS_LENGTH = 4;

    private static final int RESPONSE = 1 << 15;
    private static final int OPCODE_SHIFT = 11;
    private static final int OPCODE = 0xF << OPCODE_SHIFT;
    private static final int RECURSION_DESIRED = 1 << 8;
    private static final int RECURSION_AVAILABLE = 1 << 7;
    private static final int RESPONSE_CODE = 0xF;

    private DnsMessage() {}

    /** Somebody wants an answer; what is not so is never answered, or two could go on for ever. */
    static boolean wantsAnswer(ByteBuf message) {
        return message.readableBytes() >= HEADER_LENGTH && (flags(message) & RESPONSE) == 0;
    }

    /** A question, and not a zone transfer's notice or an update (RFC 1996, RFC 2136). */
    static boolean isQuery(ByteBuf message) {
        return (flags(message) & OPCODE) >> OPCODE_SHIFT == DnsOpCode.QUERY.byteValue();
    }

    /** Where the only question ends; {@link #NO_QUESTION} where there is not exactly one. */
    static int questionEnd(ByteBuf message) {
        if (message.getUnsignedShort(QUESTIONS_OFFSET) != 1) {
            return NO_QUESTION;
        }
        int at = HEADER_LENGTH;
        int nameEndMax = Math.min(message.writerIndex(), HEADER_LENGTH + NAME_LENGTH_MAX);
        while (at < nameEndMax) {
            int label = message.getUnsignedByte(at);
            if (label > LABEL_LENGTH_MAX) {
                return NO_QUESTION; // a pointer, with nothing yet to point to
            }
            at += 1 + label;
            if (label == 0) {
                int end = at + TYPE_AND_CLASS_LENGTH;
                return end <= message.writerIndex() ? end : NO_QUESTION;
            }
        }
        return NO_QUESTION;
    }

    /** In lower case, without a dot at its end; of the root empty. There is a question. */
    static String name(ByteBuf message) {
        ByteBuf question = message.duplicate().readerIndex(HEADER_LENGTH);
        String name = DefaultDnsRecordDecoder.decodeName(question).toLowerCase(Locale.ROOT);
        return name.substring(0, name.length() - 1);
    }

    static int id(ByteBuf message) {
        return message.getUnsignedShort(0);
    }

    /**
     * A copy under another ID.
     *
     * @param id 16 bits
     */
    static ByteBuf withId(ByteBuf message, int id) {
        return Unpooled.copiedBuffer(message).setShort(0, id);
    }

    /** Whether {@code message} is the answer to {@code query}, asked under that ID. */
    static boolean isAnswer(ByteBuf message, ByteBuf query, int id) {
        return message.readableBytes() >= HEADER_LENGTH
                && id(message) == id
                && (flags(message) & RESPONSE) != 0
                && isSameQuestion(message, query);
    }

    /** Names differ in more than case (RFC 4343). */
    private static boolean isSameQuestion(ByteBuf message, ByteBuf query) {
        int end = questionEnd(query);
        if (questionEnd(message) != end || !name(message).equals(name(query))) {
            return false;
        }
        int typeAndClass = end - TYPE_AND_CLASS_LENGTH;
        return message.getInt(typeAndClass) == query.getInt(typeAndClass);
    }

    /** The server cannot or will not answer: another one may. */
    static boolean isFailure(ByteBuf answer) {
        int code = flags(answer) & RESPONSE_CODE;
        return code == DnsResponseCode.SERVFAIL.intValue()
                || code == DnsResponseCode.REFUSED.intValue();
    }

    /** Says that there is no answer. Of a query without a question it has none either. */
    static ByteBuf failure(ByteBuf query, DnsResponseCode code) {
        int end = questionEnd(query);
        ByteBuf answer = Unpooled.buffer(Math.max(end, HEADER_LENGTH));
        int kept = flags(query) & (OPCODE | RECURSION_DESIRED);
        answer.writeShort(id(query));
        answer.writeShort(RESPONSE | kept | RECURSION_AVAILABLE | code.intValue());
        answer.writeShort(end == NO_QUESTION ? 0 : 1);
        answer.writeZero(HEADER_LENGTH - answer.writerIndex());
        if (end != NO_QUESTION) {
            answer.writeBytes(query, HEADER_LENGTH, end - HEADER_LENGTH);
        }
        return answer;
    }

    private static int flags(ByteBuf message) {
        return message.getUnsignedShort(FLAGS_OFFSET);
    }
}
