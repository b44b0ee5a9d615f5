package io.spillway.control.readiness;

import java.util.OptionalLong;

/**
 * A WAN link of this site, as the kernel, its tunnel to the PoP and the configuration tell.
 *
 * @param hasRoute the kernel has a way into the world by it
 * @param popReplyNs when its tunnel to the PoP, which lives, answered last; empty: none lives
 * @param isOverLimit the configuration's limit of links for direct tunnels leaves it out
 */
public record LinkStatus(
        int index,
        boolean isUp,
        boolean hasAddress,
        boolean hasRoute,
        OptionalLong popReplyNs,
        boolean isOverLimit) {
    boolean isPopReached() {
        return popReplyNs.isPresent();
    }
}
