package io.spillway.control.recovery;

import java.util.List;

/**
 * {@code internet} of the site's configuration.
 *
 * @param isUsed off: no traffic of this site goes to the Internet, and nothing is decided
 * @param isEnabled off: it never leaves by a link of our own
 * @param candidates links that it may leave by
 * @param startGraceNs how long to wait for a PoP tunnel before it leaves without one
 */
public record InternetConfig(
        boolean isUsed,
        boolean isEnabled,
        List<Candidate> candidates,
        long startGraceNs,
        ReturnBackoff.Config returnBackoff) {
    public static final InternetConfig NONE =
            new InternetConfig(
                    false,
                    false,
                    List.of(),
                    RecoveryConfig.START_GRACE_NS,
                    ReturnBackoff.Config.DEFAULT);

    /**
     * @param precedence 1 active, 2 passive, 3 last resort: the least that is usable counts
     */
    public record Candidate(int link, String name, int precedence) {}

    public InternetConfig {
        candidates = List.copyOf(candidates);
    }
}
