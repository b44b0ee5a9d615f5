package io.spillway.crypto.record;

import io.spillway.crypto.RecordSuite;

/**
 * What a record and its datagram cost in bytes, exactly: the arithmetic under a tunnel's MTU (D54).
 *
 * <pre>
 * AES-GCM, connection ID of 4 bytes, IPv4:
 *   IP 20 + UDP 8 + record header 13 + CID 4 + explicit nonce 8 + inner type 1 + tag 16 = 70
 * </pre>
 *
 * <p>Whatever a plaintext begins with (the data plane's own type byte) is plaintext here.
 */
public final class RecordOverhead {
    // RFC 791 §3.1 without options, RFC 8200 §3 without extension headers, RFC 768.
    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int UDP_HEADER_LENGTH = 8;

    private RecordOverhead() {}

    /** Bytes of a record in front of its ciphertext. */
    public static int header(RecordSuite suite, int connectionIdLength) {
        return RecordHeader.LENGTH + connectionIdLength + suite.explicitNonceLength();
    }

    /** Bytes of a record beyond its plaintext. */
    public static int record(RecordSuite suite, int connectionIdLength) {
        return header(suite, connectionIdLength)
                + innerTypeLength(connectionIdLength)
                + RecordSuite.TAG_LENGTH;
    }

    /** Bytes of an IP packet with one datagram of one record, beyond the record's plaintext. */
    public static int datagram(RecordSuite suite, int connectionIdLength, boolean isIpv6) {
        int ipHeaderLength = isIpv6 ? IPV6_HEADER_LENGTH : IPV4_HEADER_LENGTH;
        return ipHeaderLength + UDP_HEADER_LENGTH + record(suite, connectionIdLength);
    }

    /**
     * The longest plaintext whose datagram passes a path of that MTU unfragmented; 0 when none
     * does.
     */
    public static int plaintextLengthMax(
            int pathMtu, RecordSuite suite, int connectionIdLength, boolean isIpv6) {
        int fits = pathMtu - datagram(suite, connectionIdLength, isIpv6);
        return Math.clamp(fits, 0, RecordHeader.PLAINTEXT_LENGTH_MAX);
    }

    /** RFC 9146 §4: only a record with a connection ID carries its real type inside. */
    static int innerTypeLength(int connectionIdLength) {
        return connectionIdLength > 0 ? 1 : 0;
    }
}
