package io.spillway.node.site;

import io.spillway.node.FrameSender;
import java.util.List;

/** The channel to the PoP node that the site is attached to. */
public interface PopChannel extends FrameSender {
    /**
     * Whether what was sent last is mostly on its way. Who sends much asks before each frame. Any
     * thread.
     */
    boolean hasRoom();

    /**
     * Goes to that of the configured nodes: the connection there is ends once the new one stands,
     * and control hears of both; or at once where none stands. Control only.
     */
    void follow(int pop);

    /**
     * A connection to that node goes by one of these links from now on, the first if it can: one
     * that goes by another is ended, and anew. Control only.
     *
     * @param links indexes, never empty
     */
    void goBy(int pop, List<Integer> links);

    /**
     * Sends a Ping now: where a router has forgotten the connection, the answer is its end, and a
     * new one follows at once. Any thread.
     */
    void ask();

    /** Index of the link by which it goes; negative while none stands. Any thread. */
    int link();
}
