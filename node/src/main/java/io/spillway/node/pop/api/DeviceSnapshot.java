package io.spillway.node.pop.api;

import java.time.Instant;
import java.util.List;

/**
 * A site's appliance at that moment.
 *
 * @param connected to a PoP
 * @param lastDuration seconds since it was connected; null: it is not
 */
public record DeviceSnapshot(
        boolean connected,
        Instant connectedSince,
        String id,
        List<InterfaceSnapshot> interfaces,
        List<InterfaceLinkState> interfacesLinkState,
        Instant lastConnected,
        Integer lastDuration,
        String lastPopName,
        String name,
        SocketInfo socketInfo) {
    public String version() {
        return socketInfo.version();
    }
}
