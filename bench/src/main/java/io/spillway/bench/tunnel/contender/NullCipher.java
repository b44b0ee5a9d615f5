package io.spillway.bench.tunnel.contender;

import io.spillway.crypto.record.AeadInputs;
import io.spillway.crypto.record.RecordCipher;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Copies, encrypts nothing, believes every tag: what a data plane costs without its cipher. Only
 * {@link NullCipherNode} can make a node use it.
 */
final class NullCipher implements RecordCipher {
    private final UnsafeBuffer from = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer to = new UnsafeBuffer(0, 0);

    @Override
    public void seal(AeadInputs inputs, long plaintextAddress, int length, long ciphertextAddress) {
        if (plaintextAddress != ciphertextAddress) {
            from.wrap(plaintextAddress, length);
            to.wrap(ciphertextAddress, length);
            to.putBytes(0, from, 0, length);
        }
    }

    @Override
    public boolean open(AeadInputs inputs, long address, int length) {
        return true;
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
