package io.spillway.node.lab;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One site of the lab and its place in the address plan: documentation ranges outside (RFC 5737),
 * private ones inside.
 *
 * <pre>
 *   host .10 ─ 10.N.0.0/24, fd00:N::/64 ─ .1 site .2 ─ 198.51.100.4(N-1)/30 ─ .1 inet .9 ─ 203.0.113.8/30 ─ .10 PoP
 * </pre>
 *
 * <p>Behind a NAT the site has 192.168.N.2 instead, and the box 198.51.100.4(N-1).
 *
 * @param index from 0
 */
record LabSite(int index, String name) {
    static final String POP_NAME = "frankfurt";
    static final String POP_NAMESPACE = "pop";
    static final String INTERNET_NAMESPACE = "inet";
    static final String POP_ADDRESS = "203.0.113.10";
    static final String POP_GATEWAY = "203.0.113.9";
    static final String ACCOUNT = "lab";
    static final int WAN_PORT = 20060;
    static final int SECOND_WAN_PORT = 20068;
    static final int COUNT_MIN = 3;
    static final int COUNT_MAX = 8;

    private static final List<String> NAMES =
            List.of("berlin", "london", "madrid", "oslo", "paris", "prague", "rome", "vienna");
    private static final int ADDRESSES_PER_LINK = 4;

    static List<LabSite> first(int count) {
        if (count < LabTraining.SITES || count > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "sites: " + count + ", expected " + LabTraining.SITES + " to " + COUNT_MAX);
        }
        return IntStream.range(0, count).mapToObj(i -> new LabSite(i, NAMES.get(i))).toList();
    }

    long id() {
        return 1001 + index;
    }

    /** Where it speaks BGP. */
    long as() {
        return 65_010 + index;
    }

    String hostNamespace() {
        return name + "-host";
    }

    /** The Internet's device towards this site. */
    String internetDevice() {
        return "to-" + name;
    }

    String wanGateway() {
        return "198.51.100." + (ADDRESSES_PER_LINK * index + 1);
    }

    String wanAddress() {
        return "198.51.100." + (ADDRESSES_PER_LINK * index + 2);
    }

    /** After its provider has given it another one. */
    String otherWanAddress() {
        return "192.0.2." + (ADDRESSES_PER_LINK * index + 2);
    }

    String otherWanGateway() {
        return "192.0.2." + (ADDRESSES_PER_LINK * index + 1);
    }

    /** Of its boxes the first is next to the site. */
    String natBox(int number) {
        return name + "-nat" + number;
    }

    String addressBehindNat() {
        return "192.168." + (index + 1) + ".2";
    }

    String gatewayBehindNat() {
        return "192.168." + (index + 1) + ".1";
    }

    /** Of the inner of two boxes, in the range of providers' NAT (RFC 6598). */
    String providerAddress() {
        return "100.64." + (index + 1) + ".2";
    }

    String providerGateway() {
        return "100.64." + (index + 1) + ".1";
    }

    String lan4(int last) {
        return "10." + (index + 1) + ".0." + last;
    }

    String lan6(int last) {
        return "fd00:" + (index + 1) + "::" + last;
    }

    String hostAddress() {
        return lan4(10);
    }

    String hostAddress6() {
        return lan6(10);
    }
}
