package io.spillway.crypto;

/**
 * The AEAD suites a tunnel may use (DESIGN §4), with what their records need.
 *
 * <p>AES-GCM takes a 4-byte salt from the key block and carries 8 nonce bytes in each record (RFC
 * 5288 §3); ChaCha20-Poly1305 takes a 12-byte mask and carries none (RFC 7905 §2).
 */
public enum RecordSuite {
    AES_128_GCM(0xC02B, 16, 4, 8),
    AES_256_GCM(0xC02C, 32, 4, 8),
    CHACHA20_POLY1305(0xCCA9, 32, 12, 0);

    /** Bytes of authentication tag behind the ciphertext, the same for every suite. */
    public static final int TAG_LENGTH = 16;

    /** Bytes of AEAD nonce, the same for every suite. */
    public static final int NONCE_LENGTH = 12;

    private final int code;
    private final int keyLength;
    private final int saltLength;
    private final int explicitNonceLength;

    RecordSuite(int code, int keyLength, int saltLength, int explicitNonceLength) {
        this.code = code;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.explicitNonceLength = explicitNonceLength;
    }

    /** The suite of an IANA TLS cipher suite code, or null when we do not speak it. */
    public static RecordSuite ofCode(int code) {
        for (RecordSuite suite : values()) {
            if (suite.code == code) {
                return suite;
            }
        }
        return null;
    }

    /** The IANA code of the ECDHE_ECDSA cipher suite. */
    public int code() {
        return code;
    }

    public int keyLength() {
        return keyLength;
    }

    /** Bytes of fixed IV in the key block. */
    public int saltLength() {
        return saltLength;
    }

    /** Nonce bytes at the start of each record's content. */
    public int explicitNonceLength() {
        return explicitNonceLength;
    }
}
