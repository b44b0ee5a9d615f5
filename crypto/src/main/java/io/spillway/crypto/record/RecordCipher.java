package io.spillway.crypto.record;

/**
 * One AEAD key. Owned by the sealer or opener that was given it; not thread safe.
 *
 * <p>Works on off-heap memory by raw address: the caller has proved that the bytes are there. Knows
 * nothing of records, replay or budgets.
 */
public interface RecordCipher extends AutoCloseable {
    /**
     * Encrypts {@code length} bytes and writes ciphertext and tag to {@code ciphertextAddress}. The
     * two areas are the same or do not overlap. The caller never passes one nonce twice.
     *
     * @throws IllegalStateException when closed, or when the implementation fails
     */
    void seal(AeadInputs inputs, long plaintextAddress, int length, long ciphertextAddress);

    /**
     * Decrypts {@code length} bytes in place and checks the tag behind them.
     *
     * @return false when the tag is wrong: the bytes are then undefined, and nobody may use them
     * @throws IllegalStateException when closed
     */
    boolean open(AeadInputs inputs, long address, int length);

    /** Frees native memory and forgets the key. Again is harmless. */
    @Override
    void close();
}
