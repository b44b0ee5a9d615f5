package io.spillway.node.lab;

import java.io.IOException;

/**
 * The router before a site carries only packets up to a size, in both directions, and says nothing
 * of those it drops: its ICMP errors are filtered, as so often.
 */
final class SmallPath {
    static final int WIDE = 1500;

    private final LabNetwork network;
    private final LabSite site;

    SmallPath(LabNetwork network, LabSite site) {
        this.network = network;
        this.site = site;
    }

    /** Once, before the path is narrow. */
    void mute() throws IOException {
        String inet = LabSite.INTERNET_NAMESPACE;
        network.in(inet, "nft add chain ip lab mute { type filter hook output priority 0 ; }");
        network.in(inet, "nft add rule ip lab mute icmp type destination-unreachable drop");
    }

    /** A veth takes nothing from its peer that is longer than it would send itself. */
    void carry(int bytes) throws IOException {
        String device = site.internetDevice();
        network.in(LabSite.INTERNET_NAMESPACE, "ip link set dev " + device + " mtu " + bytes);
    }
}
