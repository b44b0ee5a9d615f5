package io.spillway.dataplane.forward;

/**
 * What the data plane found out that control must know. Called by a WAN agent, and of proofs by the
 * lan agent; must neither block nor allocate. Times are the agent's nanoseconds.
 */
public interface TunnelNews {
    /** The first record of a session was opened: the peer holds its keys. */
    void onAuthenticated(int tunnel, int connectionId);

    /**
     * A peer's PROBE, authenticated; it has been answered already.
     *
     * @param originLink the WAN link that the origin sent it by
     */
    void onProbe(int tunnel, int flags, int originLink, long originSite);

    /** The answer to a PROBE of ours. */
    void onProbeReply(
            int tunnel, int flags, int sequence, long originSite, long sentNs, long receivedNs);

    /**
     * A proof of ours came back.
     *
     * @param length of the IP packet, bytes
     */
    void onProof(int tunnel, int sequence, int length, long sentNs, long receivedNs);

    /**
     * The peer has another endpoint, and was proven to be there (RFC 9146 §6).
     *
     * @return false when it found no room: the tunnel is not to move without control
     */
    boolean onMoved(int tunnel, long endpointAddress);

    /** The peer ended the session. */
    void onClose(int tunnel);

    /**
     * The last of these must be known at once. Else PROBEs and replies, of which every tunnel has
     * some a second, may wait until control looks by itself; the others are always hurried.
     */
    void hurry();
}
