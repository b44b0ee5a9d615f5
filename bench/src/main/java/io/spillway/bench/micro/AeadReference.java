package io.spillway.bench.micro;

import io.spillway.crypto.RecordSuite;

/**
 * The least that an implementation must do for a record of the same length, with key, nonce and
 * additional data prepared: what is left to gain is the difference from this.
 */
interface AeadReference {
    /** Of a record with a connection ID of 4 bytes (RFC 9146 §5.3). */
    int ADDITIONAL_DATA_LENGTH = 27;

    /** The inner type (RFC 9146 §4). */
    int INNER_TYPE_LENGTH = 1;

    /** Seals one plaintext of the ring into its record. */
    void seal(int index) throws Throwable;

    /** Opens one record of the ring that {@link #seal} sealed; false when the tag is wrong. */
    boolean open(int index) throws Throwable;

    /**
     * The reference of a record cipher.
     *
     * @param cipher its name in the configuration
     * @param length bytes of a plaintext, without inner type
     */
    static AeadReference of(String cipher, RecordSuite suite, int length, RecordRing ring)
            throws Throwable {
        int innerLength = length + INNER_TYPE_LENGTH;
        boolean isChaCha = suite == RecordSuite.CHACHA20_POLY1305;
        return switch (cipher) {
            case "jce" -> new JceReference(suite, innerLength);
            case "ipsec-mb" ->
                    isChaCha
                            ? new OpenSslReference(suite, innerLength, ring)
                            : new IpsecMbReference(suite, innerLength, ring);
            case "openssl" -> new OpenSslReference(suite, innerLength, ring);
            default -> throw new IllegalArgumentException("no reference for " + cipher);
        };
    }
}
