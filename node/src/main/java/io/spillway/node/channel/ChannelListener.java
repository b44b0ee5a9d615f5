package io.spillway.node.channel;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;

/**
 * What a site hears of the channel to one PoP. Called on the channel's thread, which must not be
 * held up: hop to control. Connected and disconnected strictly alternate, connected first.
 */
public interface ChannelListener {
    /** TLS stands and the PoP has proven who it is. It may still refuse us, by a Welcome. */
    void onConnected(PeerIdentity pop);

    /** Any frame a PoP may send, valid in itself, but Ping and Pong. */
    void onFrame(Frame frame);

    void onDisconnected(String reason);
}
