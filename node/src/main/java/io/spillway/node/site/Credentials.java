package io.spillway.node.site;

import io.spillway.control.wire.Frame;

/**
 * What proves who the site and others are, and since when and until when: certificates, revocations
 * and the time. Called by control; nothing here blocks.
 */
public interface Credentials {
    /** For simulated sites, which have none. */
    Credentials NONE =
            new Credentials() {
                @Override
                public void onFrame(Frame frame) {}

                @Override
                public void poll(long nowNs) {}
            };

    /** A frame of the PoP's, over the authenticated channel. */
    void onFrame(Frame frame);

    /** About once a second. */
    void poll(long nowNs);
}
