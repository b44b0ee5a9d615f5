package io.spillway.node.dhcp;

import java.net.Inet4Address;

/**
 * A LAN network whose clients get their leases from a server elsewhere.
 *
 * @param gateway our address there, by which the server knows the network
 * @param isServerHere the server is this machine's, and its answers come from one of our addresses
 */
public record DhcpNetwork(
        String name, Inet4Address gateway, Inet4Address server, boolean isServerHere) {

    /** Whether what that address sends may be the server's word. */
    boolean isOfServer(Inet4Address sender) {
        return sender.equals(server) || isServerHere && sender.equals(gateway);
    }
}
