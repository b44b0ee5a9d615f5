package io.spillway.node.capture;

import java.util.function.Consumer;

/** Keys of the sessions that tunnels have during a capture. Any thread. */
public interface SessionSecrets {
    /**
     * Begins new sessions in all tunnels, and gives away their keys, and of those that follow.
     *
     * @param who asks, for the record
     * @param listener gets each line of NSS's key log, and owns it; called by any thread
     */
    void begin(String who, Consumer<byte[]> listener);

    /** Gives away no more, and begins new sessions again: what follows stays secret. */
    void end(String who);
}
