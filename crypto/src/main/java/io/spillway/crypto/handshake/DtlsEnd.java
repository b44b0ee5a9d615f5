package io.spillway.crypto.handshake;

import java.io.IOException;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.SecurityParameters;

/** One end of a handshake: {@link ClientEnd} or {@link ServerEnd}. */
interface DtlsEnd {
    /**
     * Blocks until the peer's Finished was verified.
     *
     * @throws IOException when the handshake failed; {@link #judgement} may know more
     */
    DTLSTransport perform(DatagramTransport transport) throws IOException;

    /** How many bytes of a datagram Bouncy Castle may see now: all, or some records fewer. */
    int deliverable(byte[] datagram);

    /** What was agreed on; only after {@link #perform}. */
    SecurityParameters agreed();

    PeerJudgement judgement();

    /** In a full handshake the server sends the last flight. */
    boolean sendsLastFlight();
}
