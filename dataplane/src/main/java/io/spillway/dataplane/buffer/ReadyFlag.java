package io.spillway.dataplane.buffer;

/**
 * Whether a descriptor may have something to read. Set by the event loop's edge, cleared by the
 * reader that saw EAGAIN. Owned by one agent.
 */
public final class ReadyFlag {
    /** A descriptor may hold data from before it was registered. */
    private boolean isReady = true;

    public boolean isReady() {
        return isReady;
    }

    public void set() {
        isReady = true;
    }

    public void clear() {
        isReady = false;
    }
}
