package io.spillway.routing.mrt;

import java.util.Arrays;

/**
 * What one peer says of a prefix; immutable.
 *
 * @param peer index in the peer index table
 * @param originatedS when it came, seconds since 1970
 * @param attributes the path attributes, four octets an AS; of MP_REACH_NLRI only the next hop (RFC
 *     6396 section 4.3.4)
 */
public record MrtPath(int peer, long originatedS, byte[] attributes) {
    @Override
    public boolean equals(Object other) {
        return other instanceof MrtPath path
                && peer == path.peer
                && originatedS == path.originatedS
                && Arrays.equals(attributes, path.attributes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * peer + Long.hashCode(originatedS)) + Arrays.hashCode(attributes);
    }
}
