package io.spillway.control.recovery;

/** Which of the two paces a tunnel to a peer keeps (D11, DESIGN §5 Keep-alive). */
public final class PeerPace {
    public static final long TRAFFIC_WINDOW_NS = 1_000_000_000L;

    /**
     * Where hundreds of peers are watched, those without traffic get a probe a millisecond in all.
     */
    private static final long SHARE_NS = 1_000_000L;

    private PeerPace() {}

    /**
     * Sets the pace: watched while the peer is reached by the tunnel's transport and the tunnel is
     * the one chosen for it, or while it carried packets within the last second, which it does in
     * the cloud too where a rule says so at either end, or while it is in doubt; else idle. The
     * watch is closest where it is about packets or doubt, or where there are at most a hundred
     * peers.
     *
     * @param own {@link Transport#RECOVERY} or {@link Transport#ALT_WAN}, by the tunnel's links
     * @param isChosen {@link LinkChoice} names this tunnel
     * @param isInDoubt there is reason to think that it is dead
     * @param lastTrafficNs when it last carried a packet either way, in any past
     * @param peerCount to which there are tunnels
     */
    public static void apply(
            Liveness tunnel,
            Transport own,
            Transport peerTransport,
            boolean isChosen,
            boolean isInDoubt,
            long lastTrafficNs,
            int peerCount,
            long nowNs) {
        boolean isCarrying = isCarrying(lastTrafficNs, nowNs);
        boolean isInUse = isChosen && peerTransport == own;
        tunnel.question(isInDoubt && !isCarrying && !isInUse);
        if (isInDoubt || isCarrying) {
            tunnel.watch(Liveness.WATCH_INTERVAL_NS, nowNs);
        } else if (isInUse) {
            tunnel.watch(Math.max(Liveness.WATCH_INTERVAL_NS, peerCount * SHARE_NS), nowNs);
        } else {
            tunnel.idle(nowNs);
        }
    }

    /**
     * Whether a tunnel is in use.
     *
     * @param lastTrafficNs when it last carried a packet either way, in any past
     */
    public static boolean isCarrying(long lastTrafficNs, long nowNs) {
        return nowNs - lastTrafficNs < TRAFFIC_WINDOW_NS;
    }
}
