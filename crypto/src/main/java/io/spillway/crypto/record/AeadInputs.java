package io.spillway.crypto.record;

import static io.spillway.crypto.RecordSuite.NONCE_LENGTH;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Off-heap room for the nonce and the additional data of one AEAD operation, reused for each. Owned
 * by the sealer or opener that made it.
 *
 * <pre>
 *  0             12  16
 * +-------------+---+-----------------+
 * | nonce       |   | additional data |
 * +-------------+---+-----------------+
 * </pre>
 *
 * <p>The memory is freed when this object is collected; {@link #close()} zeroes it.
 */
public sealed class AeadInputs implements AutoCloseable permits RecordInputs.Description {
    private static final int ADDITIONAL_DATA_OFFSET = 16;

    private final UnsafeBuffer memory;
    private final UnsafeBuffer nonce;
    private final UnsafeBuffer additionalData;
    private final long nonceAddress;
    private final long additionalDataAddress;
    private final int additionalDataLength;

    AeadInputs(int additionalDataLength) {
        memory =
                new UnsafeBuffer(
                        ByteBuffer.allocateDirect(ADDITIONAL_DATA_OFFSET + additionalDataLength));
        nonce = new UnsafeBuffer(memory, 0, NONCE_LENGTH);
        additionalData = new UnsafeBuffer(memory, ADDITIONAL_DATA_OFFSET, additionalDataLength);
        nonceAddress = nonce.addressOffset();
        additionalDataAddress = additionalData.addressOffset();
        this.additionalDataLength = additionalDataLength;
    }

    UnsafeBuffer nonce() {
        return nonce;
    }

    UnsafeBuffer additionalData() {
        return additionalData;
    }

    long nonceAddress() {
        return nonceAddress;
    }

    long additionalDataAddress() {
        return additionalDataAddress;
    }

    int additionalDataLength() {
        return additionalDataLength;
    }

    @Override
    public void close() {
        memory.setMemory(0, memory.capacity(), (byte) 0);
    }
}
