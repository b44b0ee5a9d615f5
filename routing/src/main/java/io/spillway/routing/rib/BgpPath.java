package io.spillway.routing.rib;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.NextHop;
import java.util.Objects;

/**
 * What a BGP neighbour says of a prefix, and what the speaker's decision process made of it.
 * Immutable.
 *
 * @param peer the neighbour's address
 * @param nextHop where packets leave; null only when it is not used
 * @param isUsed it is the best, or as good
 * @param isStale the session restarts, and the neighbour has not confirmed it since
 * @param reason why it is not the best, for people; empty: it is
 * @param asPath as people write it
 */
public record BgpPath(
        IpAddress peer,
        NextHop nextHop,
        boolean isUsed,
        boolean isStale,
        String reason,
        String asPath) {

    public BgpPath {
        Objects.requireNonNull(peer);
        if (isUsed && nextHop == null || nextHop != null && nextHop.kind() == NextHop.Kind.SITE) {
            throw new IllegalArgumentException("a BGP path cannot leave by " + nextHop);
        }
    }
}
