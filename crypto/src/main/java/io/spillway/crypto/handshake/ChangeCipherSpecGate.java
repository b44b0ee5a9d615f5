package io.spillway.crypto.handshake;

import static io.spillway.crypto.handshake.RecordBytes.uint16;
import static io.spillway.crypto.handshake.RecordBytes.uint24;

import io.spillway.crypto.record.RecordHeader;
import java.util.BitSet;

/**
 * Keeps a client's change_cipher_spec from Bouncy Castle's server until the client's
 * CertificateVerify has arrived. The server switches to the next epoch with the first
 * change_cipher_spec it sees after ClientKeyExchange, and from then on ignores epoch 0: a
 * CertificateVerify that was lost or overtaken would never be let in again, however often the
 * client repeats it. (And a forged change_cipher_spec of one byte would end any handshake.)
 *
 * <p>What is held back is dropped: the client repeats its whole flight. Owned by the handshake's
 * thread.
 */
final class ChangeCipherSpecGate {
    private static final int CERTIFICATE_VERIFY = 15;

    private final BitSet received = new BitSet();
    private boolean isOpen;

    /**
     * Bytes at the start of the datagram that may pass: whole records, perhaps none, perhaps all.
     *
     * @param datagram one that {@link FlightGuard} admits
     */
    int deliverable(byte[] datagram) {
        int offset = 0;
        while (!isOpen && offset < datagram.length) {
            if (uint16(datagram, offset + RecordBytes.EPOCH_OFFSET) != 0) {
                return datagram.length;
            }
            int content = offset + RecordBytes.HEADER_LENGTH;
            int end = content + uint16(datagram, offset + RecordBytes.LENGTH_OFFSET);
            switch (datagram[offset]) {
                case RecordHeader.CHANGE_CIPHER_SPEC -> {
                    return offset;
                }
                case RecordHeader.HANDSHAKE -> note(datagram, content, end);
                default -> {}
            }
            offset = end;
        }
        return datagram.length;
    }

    /** Opens the gate once every byte of a CertificateVerify was there. */
    private void note(byte[] datagram, int start, int end) {
        int offset = start;
        while (offset + RecordBytes.MESSAGE_HEADER_LENGTH <= end) {
            int length = uint24(datagram, offset + RecordBytes.MESSAGE_LENGTH_OFFSET);
            int from = uint24(datagram, offset + RecordBytes.FRAGMENT_OFFSET_OFFSET);
            int count = uint24(datagram, offset + RecordBytes.FRAGMENT_LENGTH_OFFSET);
            if (datagram[offset] == CERTIFICATE_VERIFY && from + count <= length) {
                received.set(from, from + count);
                isOpen |= received.cardinality() == length;
            }
            offset += RecordBytes.MESSAGE_HEADER_LENGTH + count;
        }
    }
}
