package io.spillway.node.pop;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;

/**
 * The far end of a control channel, as the PoP uses it: TLS, or simulated; a site's, or another
 * node's. Any thread. Of one site there is one at a time, since the server refuses a second
 * appliance.
 */
public interface SiteConnection {
    PeerIdentity peer();

    /** False when it is closed, or its queue is full. */
    boolean send(Frame frame);

    /**
     * Whether what was sent last is mostly on its way. Who sends much asks before each frame, since
     * a site that reads too slowly for what it is sent is disconnected.
     */
    boolean hasRoom();

    void close(String reason);
}
