package io.spillway.dataplane.port;

import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.RouterAdvertisement;

/**
 * One LAN as its gateway sees it: a port and a VLAN on it. Immutable.
 *
 * @param index position among all LAN interfaces
 * @param port index of the LAN port
 * @param addresses who we are there: MAC, VLAN, IP addresses
 * @param advertisement sent to its hosts, or null when none is
 * @param relaysDhcp broadcasts of DHCP clients go to the host port; there is an IPv4 address then
 * @param isInternetOnly it is kept from other sites, and they from it
 */
public record LanInterface(
        int index,
        int port,
        String name,
        GatewayAddresses addresses,
        RouterAdvertisement advertisement,
        boolean relaysDhcp,
        boolean isInternetOnly) {

    /** Without DHCP, and one that other sites see. */
    public LanInterface(
            int index,
            int port,
            String name,
            GatewayAddresses addresses,
            RouterAdvertisement advertisement) {
        this(index, port, name, addresses, advertisement, false, false);
    }
}
