package io.spillway.node.site;

/**
 * What a cloud does for sites, and a site that is off it goes without: all that the account may
 * have to know of (R053, R054, R056; D48).
 */
enum CloudService {
    WAN_FIREWALL("wanFirewall"),
    INTERNET_FIREWALL("internetFirewall"),
    THREAT_PREVENTION("threatPrevention"),
    MANAGED_XDR("managedXdr"),
    NAT_POLICY("natPolicy"),
    COMPLEX_NETWORK_RULES("complexNetworkRules"),
    DNS_FORWARDING("dnsForwarding"),
    DHCP_RELAY("dhcpRelay"),
    STATIC_RANGE_TRANSLATION("staticRangeTranslation"),
    CLIENT_CONNECTIVITY_POLICY("clientConnectivityPolicy"),
    DEVICE_POSTURE("devicePosture");

    private final String key;

    CloudService(String key) {
        this.key = key;
    }

    /** As status names it. */
    String key() {
        return key;
    }
}
