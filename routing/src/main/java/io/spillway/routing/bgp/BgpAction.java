package io.spillway.routing.bgp;

/** What the caller is to do, in this order. Neighbours go by their place in the configuration. */
public sealed interface BgpAction {
    int neighbour();

    /** Open a connection; its outcome is told the session. */
    record Connect(int neighbour) implements BgpAction {}

    /** The bytes are the caller's. */
    record Send(int neighbour, Direction direction, byte[] bytes) implements BgpAction {}

    /** Close when all is sent, or give up the attempt. Nothing more is to be told of it. */
    record Close(int neighbour, Direction direction) implements BgpAction {}

    record Established(int neighbour) implements BgpAction {}

    /**
     * @param wasEstablished otherwise an attempt has failed
     * @param reason for people
     */
    record Ended(int neighbour, boolean wasEstablished, String reason) implements BgpAction {}

    /**
     * The neighbour has told the share of the routes it may that it is to warn of, or more than it
     * may.
     *
     * @param isExceeded some are ignored, or the session ends
     */
    record LimitReached(int neighbour, int count, boolean isExceeded) implements BgpAction {}
}
