package io.spillway.node.enrol;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * What a person carries from the PoP to the site: a secret of one use, where the PoP is, and how to
 * know it. Its text is {@code spillway1_} and the base64url of
 *
 * <pre>
 *    0        8     10       26            58               62 or 74
 *   +--------+------+--------+-------------+----------------+
 *   | siteId | port | secret | fingerprint | address 4 or 16|
 *   +--------+------+--------+-------------+----------------+
 * </pre>
 *
 * @param siteId unsigned, not 0
 * @param pop address and channel port
 * @param secret {@link #SECRET_LENGTH} random bytes; the PoP keeps only their hash
 * @param fingerprint SHA-256 of the certificate of the account's authority
 */
public record JoinToken(long siteId, InetSocketAddress pop, byte[] secret, byte[] fingerprint) {
    public static final int SECRET_LENGTH = 16;

    private static final String PREFIX = "spillway1_";
    private static final int FIXED_LENGTH =
            Long.BYTES + Short.BYTES + SECRET_LENGTH + Fingerprint.LENGTH;

    /**
     * @throws IllegalArgumentException saying what is wrong; never repeats the text, a secret
     */
    public static JoinToken parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "not a join token, which starts with " + PREFIX + "; see pop enroll-token");
        }
        ByteBuffer bytes = ByteBuffer.wrap(decode(text.substring(PREFIX.length())));
        int addressLength = bytes.capacity() - FIXED_LENGTH;
        if (addressLength != 4 && addressLength != 16) {
            throw new IllegalArgumentException("join token is damaged: not of the right length");
        }
        long siteId = bytes.getLong();
        int port = Short.toUnsignedInt(bytes.getShort());
        byte[] secret = next(bytes, SECRET_LENGTH);
        byte[] fingerprint = next(bytes, Fingerprint.LENGTH);
        InetAddress address = address(next(bytes, addressLength));
        if (siteId == 0 || port == 0) {
            throw new IllegalArgumentException("join token is damaged: no site or no port in it");
        }
        return new JoinToken(siteId, new InetSocketAddress(address, port), secret, fingerprint);
    }

    /** For people to carry. */
    public String text() {
        byte[] address = pop.getAddress().getAddress();
        byte[] bytes =
                ByteBuffer.allocate(FIXED_LENGTH + address.length)
                        .putLong(siteId)
                        .putShort((short) pop.getPort())
                        .put(secret)
                        .put(fingerprint)
                        .put(address)
                        .array();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "join token of site " + Long.toUnsignedString(siteId) + " for " + pop;
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("join token is damaged: not base64url", e);
        }
    }

    private static byte[] next(ByteBuffer bytes, int length) {
        byte[] part = new byte[length];
        bytes.get(part);
        return part;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // only for another length
        }
    }
}
