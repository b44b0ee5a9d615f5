package io.spillway.dataplane.header;

import java.util.List;

/**
 * Who we are on one LAN network (a port and VLAN): the gateway's MAC and IP addresses. Immutable.
 * The link-local IPv6 address is made from the MAC (RFC 4291 app. A).
 */
public final class GatewayAddresses {
    /** {@link #indexOfIpv6Source} when there is no IPv6 address. */
    public static final int NONE = -1;

    private final long mac;
    private final int vlanId;
    private final GatewayAddress[] ipv4;
    private final GatewayAddress[] ipv6;

    /**
     * @param vlanId 0 for untagged
     * @throws IllegalArgumentException when MAC or VLAN ID cannot belong to a gateway
     */
    public GatewayAddresses(long mac, int vlanId, List<GatewayAddress> addresses) {
        if (!MacAddress.isStation(mac) || mac >>> 48 != 0) {
            throw new IllegalArgumentException("not a station's MAC: " + MacAddress.format(mac));
        }
        if (vlanId < 0 || vlanId > VlanTag.ID_MAX) {
            throw new IllegalArgumentException("VLAN " + vlanId + " is not 0.." + VlanTag.ID_MAX);
        }
        this.mac = mac;
        this.vlanId = vlanId;
        this.ipv4 = family(addresses, true);
        this.ipv6 = family(addresses, false);
    }

    private static GatewayAddress[] family(List<GatewayAddress> addresses, boolean isIpv4) {
        return addresses.stream()
                .filter(address -> address.isIpv4() == isIpv4)
                .toArray(GatewayAddress[]::new);
    }

    public long mac() {
        return mac;
    }

    public int vlanId() {
        return vlanId;
    }

    public int ipv4Count() {
        return ipv4.length;
    }

    public int ipv4(int index) {
        return (int) ipv4[index].low();
    }

    /** Without the link-local address. */
    public int ipv6Count() {
        return ipv6.length;
    }

    public long ipv6High(int index) {
        return ipv6[index].high();
    }

    public long ipv6Low(int index) {
        return ipv6[index].low();
    }

    public int ipv6PrefixLength(int index) {
        return ipv6[index].prefixLength();
    }

    public long linkLocalHigh() {
        return Ipv6Header.LINK_LOCAL_HIGH;
    }

    public long linkLocalLow() {
        return MacAddress.interfaceIdentifier(mac);
    }

    /** True when the address is ours. */
    public boolean isOwn(int address) {
        for (GatewayAddress own : ipv4) {
            if ((int) own.low() == address) {
                return true;
            }
        }
        return false;
    }

    /** True when the address is ours; the link-local one counts where there is any IPv6 address. */
    public boolean isOwn(long high, long low) {
        for (GatewayAddress own : ipv6) {
            if (own.low() == low && own.high() == high) {
                return true;
            }
        }
        return ipv6.length > 0 && high == linkLocalHigh() && low == linkLocalLow();
    }

    /** True when the address is in one of our networks, so that its owner is a neighbour. */
    public boolean isOnLink(int address) {
        for (GatewayAddress own : ipv4) {
            if (own.covers(address)) {
                return true;
            }
        }
        return false;
    }

    /** True when the address is link-local or in one of our networks. */
    public boolean isOnLink(long high, long low) {
        for (GatewayAddress own : ipv6) {
            if (own.covers(high, low)) {
                return true;
            }
        }
        return ipv6.length > 0 && Ipv6Header.isLinkLocal(high);
    }

    /**
     * Our address to speak to this one from: in the same network if there is one, else the first.
     *
     * @return 0 when we have no IPv4 address
     */
    public int ipv4SourceFor(int address) {
        for (GatewayAddress own : ipv4) {
            if (own.covers(address)) {
                return (int) own.low();
            }
        }
        return ipv4.length == 0 ? 0 : ipv4(0);
    }

    /** As {@link #ipv4SourceFor}: an index for {@link #ipv6High} and low, or {@link #NONE}. */
    public int indexOfIpv6Source(long high, long low) {
        for (int i = 0; i < ipv6.length; i++) {
            if (ipv6[i].covers(high, low)) {
                return i;
            }
        }
        return ipv6.length == 0 ? NONE : 0;
    }
}
