package io.spillway.crypto;

import java.util.Arrays;

/**
 * Traffic keys of one session, one set a direction. Owned by whoever holds it, one at a time: the
 * handshake makes it, {@link Session#of} takes it over.
 *
 * <p>Takes over the arrays it is given; {@link #close()} zeroes them.
 */
public final class SessionKeys implements AutoCloseable {
    private final RecordSuite suite;
    private final byte[] sealKey;
    private final byte[] sealSalt;
    private final byte[] openKey;
    private final byte[] openSalt;
    private boolean closed;

    public SessionKeys(
            RecordSuite suite, byte[] sealKey, byte[] sealSalt, byte[] openKey, byte[] openSalt) {
        checkLength("seal key", sealKey, suite.keyLength());
        checkLength("seal salt", sealSalt, suite.saltLength());
        checkLength("open key", openKey, suite.keyLength());
        checkLength("open salt", openSalt, suite.saltLength());
        this.suite = suite;
        this.sealKey = sealKey;
        this.sealSalt = sealSalt;
        this.openKey = openKey;
        this.openSalt = openSalt;
    }

    public RecordSuite suite() {
        return suite;
    }

    /** Borrowed, like the three below: valid until {@link #close()}. */
    byte[] sealKey() {
        return borrow(sealKey);
    }

    byte[] sealSalt() {
        return borrow(sealSalt);
    }

    byte[] openKey() {
        return borrow(openKey);
    }

    byte[] openSalt() {
        return borrow(openSalt);
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(sealKey, (byte) 0);
        Arrays.fill(sealSalt, (byte) 0);
        Arrays.fill(openKey, (byte) 0);
        Arrays.fill(openSalt, (byte) 0);
    }

    /** All-zero keys would seal without complaint, so closed keys must never be handed out. */
    private byte[] borrow(byte[] bytes) {
        if (closed) {
            throw new IllegalStateException("session keys are closed");
        }
        return bytes;
    }

    private static void checkLength(String what, byte[] bytes, int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(
                    what + " has " + bytes.length + " bytes, expected " + length);
        }
    }
}
