package io.spillway.dataplane.forward;

/**
 * The appliance's own inner addresses, the sources of its ICMP errors: of each LAN interface, and
 * one for packets that came by tunnel. Immutable; 0 = none.
 */
public final class LocalAddresses {
    public static final LocalAddresses NONE = new LocalAddresses(new int[0], new long[0]);

    private final int[] ipv4;
    private final long[] ipv6;

    /**
     * @param ipv4 by LAN interface index, host order
     * @param ipv6 by LAN interface index, high and low long of each
     */
    public LocalAddresses(int[] ipv4, long[] ipv6) {
        this.ipv4 = ipv4.clone();
        this.ipv6 = ipv6.clone();
    }

    public boolean hasIpv4() {
        return ipv4(-1) != 0;
    }

    public boolean hasIpv6() {
        return ipv6Index(-1) >= 0;
    }

    /** Of the interface, or the first there is when it has none or {@code index} is negative. */
    int ipv4(int index) {
        if (index >= 0 && index < ipv4.length && ipv4[index] != 0) {
            return ipv4[index];
        }
        for (int address : ipv4) {
            if (address != 0) {
                return address;
            }
        }
        return 0;
    }

    /** Position of the IPv6 address as {@link #ipv4} chooses it; -1 when there is none. */
    int ipv6Index(int index) {
        if (index >= 0 && 2 * index + 1 < ipv6.length && ipv6[2 * index] != 0) {
            return index;
        }
        for (int i = 0; 2 * i + 1 < ipv6.length; i++) {
            if (ipv6[2 * i] != 0) {
                return i;
            }
        }
        return -1;
    }

    long ipv6High(int position) {
        return ipv6[2 * position];
    }

    long ipv6Low(int position) {
        return ipv6[2 * position + 1];
    }
}
