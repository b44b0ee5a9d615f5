package io.spillway.node.tunnel;

import java.util.Arrays;

/**
 * What a datagram that may begin with a DTLS ClientHello tells before any handshake exists (RFC
 * 6347 §4.2.2, §4.3.2).
 *
 * <pre>
 *   | record header (13) | handshake header (12) | client version (2) | random (32) | ...
 * </pre>
 */
final class ClientHellos {
    private static final int RECORD_TYPE_HANDSHAKE = 22;
    private static final int EPOCH_OFFSET = 3;
    private static final int MESSAGE_TYPE_OFFSET = 13;
    private static final int CLIENT_HELLO = 1;
    private static final int RANDOM_OFFSET = 13 + 12 + 2;
    private static final int RANDOM_LENGTH = 32;

    private ClientHellos() {}

    static boolean isClientHello(byte[] datagram) {
        return datagram.length >= RANDOM_OFFSET + RANDOM_LENGTH
                && datagram[0] == RECORD_TYPE_HANDSHAKE
                && datagram[EPOCH_OFFSET] == 0
                && datagram[EPOCH_OFFSET + 1] == 0
                && datagram[MESSAGE_TYPE_OFFSET] == CLIENT_HELLO;
    }

    /** The client's random, which tells one attempt from the next. */
    static byte[] random(byte[] clientHello) {
        return Arrays.copyOfRange(clientHello, RANDOM_OFFSET, RANDOM_OFFSET + RANDOM_LENGTH);
    }
}
