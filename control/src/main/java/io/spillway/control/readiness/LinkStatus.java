package io.spillway.control.readiness;

/** A WAN link of this site as the kernel reports it. */
public record LinkStatus(int index, boolean isUp, boolean hasAddress) {}
