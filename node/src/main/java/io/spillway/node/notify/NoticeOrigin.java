package io.spillway.node.notify;

/**
 * Which machine tells.
 *
 * @param role site or pop
 * @param id of a site; empty at a PoP
 */
public record NoticeOrigin(String role, String id, String name) {}
