package io.spillway.crypto;

import io.spillway.crypto.record.RecordCiphers;
import io.spillway.crypto.record.RecordOpener;
import io.spillway.crypto.record.RecordSealer;
import java.nio.ByteBuffer;

/**
 * An established association: one epoch of keys, a sealer, an opener. Made by the thread of the
 * handshake, then owned by the data-plane agent it was installed in, which alone calls it from then
 * on and closes it.
 *
 * <p>A rekey is a fresh handshake and so a fresh session (make before break, DESIGN §4): sessions
 * never change epoch.
 */
public final class Session implements AutoCloseable {
    /** Bytes of a connection ID of ours (DESIGN §4 Tunnels). */
    public static final int CONNECTION_ID_LENGTH = 4;

    private final RecordSealer sealer;
    private final RecordOpener opener;
    private final int localConnectionId;
    private final boolean hasConnectionId;
    private boolean maySeal;

    private Session(
            RecordSealer sealer,
            RecordOpener opener,
            byte[] localConnectionId,
            boolean sentLastFlight) {
        this.sealer = sealer;
        this.opener = opener;
        this.hasConnectionId = localConnectionId.length > 0;
        this.localConnectionId = hasConnectionId ? ByteBuffer.wrap(localConnectionId).getInt() : 0;
        this.maySeal = !sentLastFlight;
    }

    /**
     * Takes over {@code keys} and closes them: the ciphers hold the only copies from here on.
     *
     * @param localConnectionId what the peer puts in records to us: 4 bytes, or none
     * @param remoteConnectionId what we put in records to the peer: its choice, or none
     * @param sentLastFlight whether this side sent the handshake's last flight
     */
    public static Session of(
            SessionKeys keys,
            byte[] localConnectionId,
            byte[] remoteConnectionId,
            boolean sentLastFlight,
            RecordCiphers ciphers) {
        if (localConnectionId.length != 0 && localConnectionId.length != CONNECTION_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "local connection ID has "
                            + localConnectionId.length
                            + " bytes, expected 0 or "
                            + CONNECTION_ID_LENGTH);
        }
        try (keys) {
            RecordSuite suite = keys.suite();
            RecordSealer sealer =
                    new RecordSealer(
                            suite,
                            ciphers.create(suite, keys.sealKey()),
                            keys.sealSalt(),
                            remoteConnectionId);
            RecordOpener opener =
                    new RecordOpener(
                            suite,
                            ciphers.create(suite, keys.openKey()),
                            keys.openSalt(),
                            localConnectionId);
            return new Session(sealer, opener, localConnectionId, sentLastFlight);
        }
    }

    public RecordSealer sealer() {
        return sealer;
    }

    public RecordOpener opener() {
        return opener;
    }

    /** The connection ID the peer sends, its 4 bytes as a big-endian int; 0 when there is none. */
    public int localConnectionId() {
        return localConnectionId;
    }

    /** Whether the peer's records carry {@link #localConnectionId()}. */
    public boolean hasConnectionId() {
        return hasConnectionId;
    }

    /**
     * False until a record of the peer was authenticated, when this side sent the last flight. Data
     * sent earlier could overtake a lost Finished, whose retransmission the peer's replay window
     * would then refuse.
     */
    public boolean maySeal() {
        return maySeal;
    }

    /** A record of the peer was authenticated: see {@link RecordOpener#isAuthentic}. */
    public void onOpened() {
        maySeal = true;
    }

    /** Frees the ciphers and zeroes what they knew. Again is harmless; to seal after it is not. */
    @Override
    public void close() {
        sealer.close();
        opener.close();
    }
}
