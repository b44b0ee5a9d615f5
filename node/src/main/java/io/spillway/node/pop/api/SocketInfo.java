package io.spillway.node.pop.api;

/**
 * An appliance.
 *
 * @param version of its software; null: not known
 */
public record SocketInfo(String id, String version) {}
