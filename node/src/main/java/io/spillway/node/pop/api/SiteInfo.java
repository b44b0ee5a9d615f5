package io.spillway.node.pop.api;

import java.util.List;

/**
 * @param type null: no published one
 */
public record SiteInfo(
        String name, String type, List<InterfaceInfo> interfaces, List<SocketInfo> sockets) {}
