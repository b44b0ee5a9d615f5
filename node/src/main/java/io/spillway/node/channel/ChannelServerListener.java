package io.spillway.node.channel;

import io.spillway.control.wire.Frame;

/**
 * What a PoP hears of the channels of its sites and of other nodes. Called on the channel's thread,
 * which must not be held up: hop to control. Every accepted connection is closed once, and nothing
 * comes after that; of one site or node there is at most one at a time.
 */
public interface ChannelServerListener {
    void onAccepted(ChannelConnection connection);

    /** Any frame a site may send, valid in itself, but Ping and Pong. */
    void onFrame(ChannelConnection connection, Frame frame);

    void onClosed(ChannelConnection connection, String reason);
}
