package io.spillway.control.readiness;

/**
 * A WAN link of this site, as the kernel, its tunnel to the PoP and the configuration tell.
 *
 * @param hasRoute the kernel has a way into the world by it
 * @param isPopReached its tunnel to the PoP lives
 * @param isOverLimit the configuration's limit of links for direct tunnels leaves it out
 */
public record LinkStatus(
        int index,
        boolean isUp,
        boolean hasAddress,
        boolean hasRoute,
        boolean isPopReached,
        boolean isOverLimit) {}
