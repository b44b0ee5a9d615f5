package io.spillway.control.readiness;

/**
 * A WAN link of this site, as the kernel and its tunnel to the PoP tell.
 *
 * @param hasRoute the kernel has a way into the world by it
 * @param isPopReached its tunnel to the PoP lives
 */
public record LinkStatus(
        int index, boolean isUp, boolean hasAddress, boolean hasRoute, boolean isPopReached) {}
