package io.spillway.node.pop.api;

/** How a WAN link is configured. */
public record InterfaceInfo(String id, String name, String destType, String wanRole) {}
