package io.spillway.control.recovery;

/**
 * {@code recovery} of the site's configuration.
 *
 * @param isEnabled off: no peer is ever moved to {@link Transport#RECOVERY}, peers are not told
 * @param isFreezeEnabled off: remote routes are withdrawn when the cloud is lost, not frozen
 * @param areRoutesLive what changes of routes while they are frozen travels between the sites
 * @param startGraceNs how long to wait for a PoP tunnel before recovery begins without one: from
 *     the start with a saved state, else from when the channel told of the peers
 */
public record RecoveryConfig(
        boolean isEnabled,
        boolean isFreezeEnabled,
        boolean areRoutesLive,
        long startGraceNs,
        ReturnBackoff.Config returnBackoff) {
    /** Ours: a PoP tunnel opens in a fraction of it, and a restart is to forward in 5 s. */
    public static final long START_GRACE_NS = 1_500_000_000L;

    public static final RecoveryConfig DEFAULT =
            new RecoveryConfig(true, true, false, START_GRACE_NS, ReturnBackoff.Config.DEFAULT);
}
