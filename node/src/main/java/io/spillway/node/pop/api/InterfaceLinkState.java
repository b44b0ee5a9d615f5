package io.spillway.node.pop.api;

/** What a living tunnel proves of a WAN link; null: nothing. */
public record InterfaceLinkState(
        String id, Boolean up, Boolean hasAddress, Boolean hasInternet, Boolean hasTunnel) {}
