package io.spillway.crypto.handshake;

import io.spillway.crypto.record.RecordHeader;
import io.spillway.crypto.record.RecordSealer;
import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;

/**
 * Keeps Bouncy Castle's records apart from ours. Both seal with the same key, and the nonce follows
 * from the sequence number: numbers below {@link RecordSealer#FIRST_SEQUENCE} are Bouncy Castle's, for its
 * Finished and retransmissions, the others are ours. Outside its share it seals nothing, and opens
 * nothing: a data record would push its replay window past a late Finished.
 */
final class ReservedSequenceCipher implements TlsCipher {
    private final TlsCipher cipher;

    ReservedSequenceCipher(TlsCipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public TlsEncodeResult encodePlaintext(
            long epochAndSequence,
            short type,
            ProtocolVersion version,
            int headerLength,
            byte[] plaintext,
            int offset,
            int length)
            throws IOException {
        if (!isReserved(epochAndSequence)) {
            throw new TlsFatalAlert(
                    AlertDescription.internal_error, "sequence numbers of the handshake used up");
        }
        return cipher.encodePlaintext(
                epochAndSequence, type, version, headerLength, plaintext, offset, length);
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
            long epochAndSequence,
            short type,
            ProtocolVersion version,
            byte[] ciphertext,
            int offset,
            int length)
            throws IOException {
        if (!isReserved(epochAndSequence)) {
            throw new TlsFatalAlert(AlertDescription.bad_record_mac); // dropped without an alert
        }
        return cipher.decodeCiphertext(epochAndSequence, type, version, ciphertext, offset, length);
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
        return cipher.getCiphertextDecodeLimit(plaintextLimit);
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
        return cipher.getCiphertextEncodeLimit(plaintextLimit);
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
        return cipher.getPlaintextDecodeLimit(ciphertextLimit);
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
        return cipher.getPlaintextEncodeLimit(ciphertextLimit);
    }

    @Override
    public void rekeyDecoder() throws IOException {
        cipher.rekeyDecoder();
    }

    @Override
    public void rekeyEncoder() throws IOException {
        cipher.rekeyEncoder();
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
        return cipher.usesOpaqueRecordTypeDecode();
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
        return cipher.usesOpaqueRecordTypeEncode();
    }

    private static boolean isReserved(long epochAndSequence) {
        return (epochAndSequence & RecordHeader.SEQUENCE_MAX) < RecordSealer.FIRST_SEQUENCE;
    }
}
