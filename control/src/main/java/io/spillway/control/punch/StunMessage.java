package io.spillway.control.punch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A STUN Binding request or its success response (RFC 8489), as far as punching needs them: plain
 * ones that ask for the own address, and probes of a pair under its key. Besides, a Data indication
 * (RFC 8656 §11.5), in which neighbours say to each other what a PoP would say.
 *
 * <pre>
 *   | type (2) | length (2) | magic cookie (4) | transaction ID (12) | attributes |
 *   request:  [USERNAME] [PADDING] [MESSAGE-INTEGRITY-SHA256 of 20 bytes]
 *   response: XOR-MAPPED-ADDRESS [MESSAGE-INTEGRITY-SHA256 of 20 bytes]
 *   data:     DATA
 * </pre>
 *
 * <p>A request is padded, so that no response is longer: whoever forges a sender gains nothing.
 */
public final class StunMessage {
    /** What every datagram of STUN has at offset 4. */
    public static final int MAGIC_COOKIE = 0x2112A442;

    public static final int TRANSACTION_ID_LENGTH = 12;

    private static final int REQUEST = 0x0001;
    private static final int RESPONSE = 0x0101;
    private static final int DATA_INDICATION = 0x0017;
    private static final int USERNAME = 0x0006;
    private static final int DATA = 0x0013;
    private static final int INTEGRITY_SHA256 = 0x001C;
    private static final int XOR_MAPPED_ADDRESS = 0x0020;
    private static final int PADDING = 0x0026; // RFC 5780 §7.6

    private static final int HEADER_LENGTH = 20;
    private static final int COOKIE_OFFSET = 4;
    private static final int TRANSACTION_ID_OFFSET = 8;
    private static final int ATTRIBUTE_HEADER_LENGTH = 4;
    private static final int INTEGRITY_LENGTH = 20;
    private static final int INTEGRITY_LENGTH_MIN = 16;
    private static final int INTEGRITY_LENGTH_MAX = 32;
    private static final int USERNAME_LENGTH_MAX = 513;
    private static final int FAMILY_IPV4 = 1;
    private static final int FAMILY_IPV6 = 2;
    private static final String HMAC = "HmacSHA256";

    /** Requests are so long: a response with an address of that family fits. */
    private static final int REQUEST_LENGTH_IPV4 = 64;

    private static final int REQUEST_LENGTH_IPV6 = 80;

    private final byte[] datagram;
    private final int type;
    private byte[] data;
    private String username = "";
    private InetSocketAddress mapped;
    private int integrityOffset;

    private StunMessage(byte[] datagram, int type) {
        this.datagram = datagram;
        this.type = type;
    }

    // ---- reading

    /** Null for anything else, whatever it is. */
    public static StunMessage parse(byte[] datagram) {
        if (datagram.length < HEADER_LENGTH) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        int type = bytes.getShort(0) & 0xffff;
        int length = bytes.getShort(2) & 0xffff;
        boolean isOurs =
                (type == REQUEST || type == RESPONSE || type == DATA_INDICATION)
                        && bytes.getInt(COOKIE_OFFSET) == MAGIC_COOKIE
                        && length % 4 == 0
                        && HEADER_LENGTH + length == datagram.length;
        if (!isOurs) {
            return null;
        }
        StunMessage message = new StunMessage(datagram, type);
        return message.readAttributes(bytes) ? message : null;
    }

    /** What follows the integrity is not protected by it, and not read. */
    private boolean readAttributes(ByteBuffer bytes) {
        int at = HEADER_LENGTH;
        while (at < datagram.length && integrityOffset == 0) {
            int type = bytes.getShort(at) & 0xffff;
            int length = bytes.getShort(at + 2) & 0xffff;
            int value = at + ATTRIBUTE_HEADER_LENGTH;
            if (value + length > datagram.length || !readAttribute(type, value, length)) {
                return false;
            }
            at = value + length + 3 & ~3;
        }
        return true;
    }

    private boolean readAttribute(int type, int value, int length) {
        switch (type) {
            case USERNAME -> {
                username = new String(datagram, value, length, StandardCharsets.UTF_8);
                return length <= USERNAME_LENGTH_MAX;
            }
            case XOR_MAPPED_ADDRESS -> {
                mapped = readAddress(value, length);
                return mapped != null;
            }
            case DATA -> {
                data = Arrays.copyOfRange(datagram, value, value + length);
                return true;
            }
            case INTEGRITY_SHA256 -> {
                integrityOffset = value;
                return length >= INTEGRITY_LENGTH_MIN
                        && length <= INTEGRITY_LENGTH_MAX
                        && length % 4 == 0;
            }
            default -> {
                return true;
            }
        }
    }

    private InetSocketAddress readAddress(int value, int length) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram);
        int addressLength = length - ATTRIBUTE_HEADER_LENGTH;
        int family = length < ATTRIBUTE_HEADER_LENGTH ? 0 : datagram[value + 1];
        boolean isKnown =
                (family == FAMILY_IPV4 && addressLength == 4)
                        || (family == FAMILY_IPV6 && addressLength == 16);
        if (!isKnown) {
            return null;
        }
        int port = (bytes.getShort(value + 2) ^ MAGIC_COOKIE >>> 16) & 0xffff;
        byte[] address =
                Arrays.copyOfRange(
                        datagram,
                        value + ATTRIBUTE_HEADER_LENGTH,
                        value + ATTRIBUTE_HEADER_LENGTH + addressLength);
        hide(address, datagram);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    public boolean isRequest() {
        return type == REQUEST;
    }

    /** What a Data indication brings; null: it is none, or brings nothing. */
    public byte[] data() {
        return type == DATA_INDICATION ? data : null;
    }

    /** Bytes of the datagram. */
    public int length() {
        return datagram.length;
    }

    public byte[] transactionId() {
        return Arrays.copyOfRange(
                datagram, TRANSACTION_ID_OFFSET, TRANSACTION_ID_OFFSET + TRANSACTION_ID_LENGTH);
    }

    /** Empty when there is none. */
    public String username() {
        return username;
    }

    /** Of a response; null when there is none. */
    public InetSocketAddress mapped() {
        return mapped;
    }

    /** Whether all that was read is protected by that key. */
    public boolean isAuthentic(byte[] key) {
        if (integrityOffset == 0) {
            return false;
        }
        int length = ByteBuffer.wrap(datagram).getShort(integrityOffset - 2) & 0xffff;
        byte[] shown = Arrays.copyOfRange(datagram, integrityOffset, integrityOffset + length);
        int covered = integrityOffset - ATTRIBUTE_HEADER_LENGTH;
        byte[] expected = integrity(datagram, covered, integrityOffset + length, key);
        return MessageDigest.isEqual(shown, Arrays.copyOf(expected, length));
    }

    // ---- writing

    /** Asks {@code to} for the address that it sees. */
    public static byte[] request(byte[] transactionId, InetSocketAddress to) {
        return pad(start(REQUEST, transactionId, requestLength(to)), 0);
    }

    /** A probe: a request that only who has the key can make. */
    public static byte[] request(
            byte[] transactionId, InetSocketAddress to, String username, byte[] key) {
        ByteBuffer bytes = start(REQUEST, transactionId, requestLength(to));
        byte[] name = username.getBytes(StandardCharsets.UTF_8);
        bytes.putShort((short) USERNAME).putShort((short) name.length).put(name);
        bytes.position(bytes.position() + 3 & ~3);
        pad(bytes, ATTRIBUTE_HEADER_LENGTH + INTEGRITY_LENGTH);
        return protect(bytes, key);
    }

    /** A Data indication. */
    public static byte[] indication(byte[] transactionId, byte[] data) {
        int padded = data.length + 3 & ~3;
        ByteBuffer bytes =
                start(
                        DATA_INDICATION,
                        transactionId,
                        HEADER_LENGTH + ATTRIBUTE_HEADER_LENGTH + padded);
        return bytes.putShort((short) DATA).putShort((short) data.length).put(data).array();
    }

    /** The plain answer to {@code request}, which came from {@code from}. */
    public static byte[] response(StunMessage request, InetSocketAddress from) {
        return answer(request, from, 0).array();
    }

    /** The answer to a probe. */
    public static byte[] response(StunMessage request, InetSocketAddress from, byte[] key) {
        return protect(answer(request, from, ATTRIBUTE_HEADER_LENGTH + INTEGRITY_LENGTH), key);
    }

    private static ByteBuffer answer(StunMessage request, InetSocketAddress from, int rest) {
        byte[] address = from.getAddress().getAddress();
        int length = 2 * ATTRIBUTE_HEADER_LENGTH + address.length;
        ByteBuffer bytes = start(RESPONSE, request.transactionId(), HEADER_LENGTH + length + rest);
        bytes.putShort((short) XOR_MAPPED_ADDRESS);
        bytes.putShort((short) (ATTRIBUTE_HEADER_LENGTH + address.length));
        bytes.putShort((short) (address.length == 4 ? FAMILY_IPV4 : FAMILY_IPV6));
        bytes.putShort((short) (from.getPort() ^ MAGIC_COOKIE >>> 16));
        hide(address, bytes.array());
        return bytes.put(address);
    }

    private static int requestLength(InetSocketAddress to) {
        return to.getAddress() instanceof Inet4Address ? REQUEST_LENGTH_IPV4 : REQUEST_LENGTH_IPV6;
    }

    private static ByteBuffer start(int type, byte[] transactionId, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.putShort((short) type).putShort((short) (length - HEADER_LENGTH));
        return bytes.putInt(MAGIC_COOKIE).put(transactionId);
    }

    /** Up to the last {@code rest} bytes. */
    private static byte[] pad(ByteBuffer bytes, int rest) {
        int length = bytes.remaining() - rest - ATTRIBUTE_HEADER_LENGTH;
        if (length >= 0) {
            bytes.putShort((short) PADDING).putShort((short) length);
            bytes.position(bytes.position() + length);
        }
        return bytes.array();
    }

    private static byte[] protect(ByteBuffer bytes, byte[] key) {
        byte[] datagram = bytes.array();
        byte[] integrity = integrity(datagram, bytes.position(), datagram.length, key);
        bytes.putShort((short) INTEGRITY_SHA256).putShort((short) INTEGRITY_LENGTH);
        bytes.put(integrity, 0, INTEGRITY_LENGTH);
        return datagram;
    }

    /**
     * Over the first {@code covered} bytes, with the length in the header as if the message ended
     * at {@code end} (RFC 8489 §14.6).
     */
    private static byte[] integrity(byte[] datagram, int covered, int end, byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            mac.update(datagram, 0, 2);
            int length = end - HEADER_LENGTH;
            mac.update((byte) (length >>> 8));
            mac.update((byte) length);
            mac.update(datagram, COOKIE_OFFSET, covered - COOKIE_OFFSET);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + HMAC, e);
        }
    }

    /** To and from its form on the wire: cookie and transaction ID over it (RFC 8489 §14.2). */
    private static void hide(byte[] address, byte[] message) {
        for (int i = 0; i < address.length; i++) {
            address[i] ^= message[COOKIE_OFFSET + i];
        }
    }
}
