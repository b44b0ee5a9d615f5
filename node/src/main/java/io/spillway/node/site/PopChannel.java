package io.spillway.node.site;

import io.spillway.node.FrameSender;

/** The channel to the PoP node that the site is attached to. */
public interface PopChannel extends FrameSender {
    /**
     * Goes to that of the configured nodes: the connection there is ends once the new one stands,
     * and control hears of both; or at once where none stands. Control only.
     */
    void follow(int pop);
}
