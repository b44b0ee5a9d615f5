package io.spillway.dataplane.forward;

/** The generation in force. Owned by one agent, which swaps it between batches. */
public final class ForwardingView {
    private Forwarding current = Forwarding.EMPTY;

    public Forwarding current() {
        return current;
    }

    public void publish(Forwarding forwarding) {
        current = forwarding;
    }
}
