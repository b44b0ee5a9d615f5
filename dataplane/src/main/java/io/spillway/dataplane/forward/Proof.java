package io.spillway.dataplane.forward;

import io.spillway.routing.fib.IpAddress;

/**
 * An echo that is to prove a tunnel.
 *
 * @param sequence echoed by the reply
 * @param destination an address of the peer's own networks, which the peer's data plane answers for
 * @param isFullSize as large as the tunnel takes at this moment, else {@link #SMALL_LENGTH}
 */
public record Proof(int sequence, IpAddress destination, boolean isFullSize) {
    /** Of an echo that is to pass where large ones do not, bytes of IP packet. */
    public static final int SMALL_LENGTH = 128;
}
