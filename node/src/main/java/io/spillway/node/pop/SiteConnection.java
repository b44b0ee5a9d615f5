package io.spillway.node.pop;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;

/** A site's end of the control channel, as the PoP uses it: TLS, or simulated. Any thread. */
public interface SiteConnection {
    PeerIdentity peer();

    /** False when it is closed, or its queue is full. */
    boolean send(Frame frame);

    /** Nothing came from it for so long, milliseconds. */
    long silentMs();

    void close(String reason);
}
