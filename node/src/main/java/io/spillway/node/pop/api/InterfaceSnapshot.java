package io.spillway.node.pop.api;

/**
 * A WAN link at that moment. All but the names may be null.
 *
 * @param connected has a living tunnel here
 * @param tunnelUptime seconds
 */
public record InterfaceSnapshot(
        InterfaceInfo info,
        int naturalOrder,
        Boolean connected,
        String popName,
        String tunnelRemoteIP,
        Integer tunnelUptime,
        String wanRecoveryStatus,
        WanRecovery wanRecovery) {
    /** Of an address nothing else is known: nobody is asked. */
    public record IpInfo(String ip) {}

    public String id() {
        return info.id();
    }

    public String name() {
        return info.name();
    }

    public IpInfo tunnelRemoteIPInfo() {
        return tunnelRemoteIP == null ? null : new IpInfo(tunnelRemoteIP);
    }
}
