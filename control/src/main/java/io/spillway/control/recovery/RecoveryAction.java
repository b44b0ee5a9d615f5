package io.spillway.control.recovery;

/**
 * What the recovery machine wants done. All actions of one event are to be carried out in order and
 * reach the data plane in one publication.
 */
public sealed interface RecoveryAction {
    /** Pin every peer's routes that are in use; those frozen already stay as they are. */
    record FreezeRoutes() implements RecoveryAction {}

    /** Pin this peer's routes only: it left the cloud, we did not. */
    record FreezePeer(long siteId) implements RecoveryAction {}

    /** Freezing is off: remote routes go at once. */
    record WithdrawRoutes() implements RecoveryAction {}

    /** The channel died or is whole again: the routes in use may be old, or are not. */
    record MarkRoutesStale(boolean isStale) implements RecoveryAction {}

    /** Send to the peer by this transport from now on. */
    record MovePeer(long siteId, Transport transport) implements RecoveryAction {}

    /**
     * Thaw the peer's routes and send to it by cloud again, both in one publication. Packets from
     * it on the old transport are received until {@code receiveOldUntilNs}.
     */
    record ReturnPeer(long siteId, Transport from, long receiveOldUntilNs)
            implements RecoveryAction {}

    /** The directory no longer names it, nor does it work off the cloud: routes and tunnels go. */
    record ForgetPeer(long siteId) implements RecoveryAction {}

    /** Set or clear LEFT_CLOUD in every PROBE to peers from now on, and send one on each tunnel. */
    record TellPeersLeftCloud(boolean hasLeft) implements RecoveryAction {}

    /** A probe on every tunnel to a peer, at once. */
    record ReprobePeers() implements RecoveryAction {}

    /** An end-to-end probe to the peer through the PoP; answer {@code PathAnswered}. */
    record CheckReturnPath(long siteId) implements RecoveryAction {}

    /** Ask for the whole state: by Hello if the channel has just opened, else by StateRequest. */
    record RequestState(long request) implements RecoveryAction {}

    /** One line for the log. */
    record Log(String line) implements RecoveryAction {}
}
