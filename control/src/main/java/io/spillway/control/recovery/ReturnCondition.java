package io.spillway.control.recovery;

/** What must hold before the traffic for a peer goes back to the cloud; most general first. */
public enum ReturnCondition {
    /** One of our PoP tunnels lives. */
    CLOUD_ALIVE,
    /** The channel is open: what we know of the peer is true now. */
    CHANNEL_OPEN,
    /** The PoP ended the state we asked for since we are back. */
    STATE_COMPLETE,
    /** The back-off of this site has run out. */
    BACKOFF_OVER,
    /** The directory has the peer attached. */
    PEER_ATTACHED,
    /** The peer does not say that it left the cloud. */
    PEER_IN_CLOUD,
    /** The peer's routes came with that state. */
    ROUTES_KNOWN,
    /** A probe went A, PoP, B, PoP, A, sent after all of the above held. */
    PATH_PROVEN
}
