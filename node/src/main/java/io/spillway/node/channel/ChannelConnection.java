package io.spillway.node.channel;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import java.net.InetSocketAddress;

/** The channel of one authenticated site or PoP node, at a PoP. Any thread. */
public final class ChannelConnection {
    private final PeerIdentity peer;
    private final SiteLine site;

    ChannelConnection(PeerIdentity peer, SiteLine site) {
        this.peer = peer;
        this.site = site;
    }

    public PeerIdentity peer() {
        return peer;
    }

    public InetSocketAddress remote() {
        return site.remote();
    }

    /**
     * A site that does not read what it is sent is disconnected when too much of it waits.
     *
     * @return whether it was queued; false when the connection is ending
     * @throws IllegalArgumentException when the site would refuse the frame: a programmer's error
     */
    public boolean send(Frame frame) {
        FrameLine line = site.line();
        boolean queued = line.send(frame);
        if (!queued) {
            line.abort(site.slowReader());
        }
        return queued;
    }

    /** Whether little waits for the site to read it. */
    public boolean hasRoom() {
        return site.line().waiting() < FrameLine.WAITING_LENGTH_MAX / 4;
    }

    /**
     * Sends what is queued, a refusal perhaps, and ends. The reason is for the listener and log.
     */
    public void close(String reason) {
        site.line().finish(reason);
    }

    SiteLine site() {
        return site;
    }

    @Override
    public String toString() {
        if (peer.role() == Role.POP) {
            return "PoP " + peer.name() + " at " + EndpointText.of(remote());
        }
        return "site "
                + Long.toUnsignedString(peer.siteId())
                + " ("
                + peer.name()
                + ") at "
                + EndpointText.of(remote());
    }
}
