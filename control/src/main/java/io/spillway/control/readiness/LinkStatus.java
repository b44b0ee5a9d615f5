package io.spillway.control.readiness;

/**
 * A WAN link of this site as the kernel reports it.
 *
 * @param isOverLimit the configuration's limit of links for direct tunnels leaves it out
 */
public record LinkStatus(int index, boolean isUp, boolean hasAddress, boolean isOverLimit) {}
