package io.spillway.node.lab;

/**
 * One of a site's ways out, by its place in the address plan.
 *
 * <pre>
 *   site wan0  ─ 198.51.100.4(N-1)/30     ─ inet to-NAME
 *   site wan1  ─ 198.51.100.128+4(N-1)/30 ─ inet to2-NAME
 *   site mpls0 ─ 172.16.N.0/30            ─ mpls to-NAME    leads to the other sites' mpls0 only
 * </pre>
 *
 * <p>Behind a NAT the site has 192.168.N.2 on wan0 and 192.168.100+N.2 on wan1 instead.
 */
enum LabUplink {
    FIRST("wan1", LabNetwork.WAN_DEVICE, LabSite.INTERNET_NAMESPACE, "to-", "default"),
    SECOND("wan2", "wan1", LabSite.INTERNET_NAMESPACE, "to2-", "default"),
    ALT_WAN("mpls", "mpls0", "mpls", "to-", "172.16.0.0/12");

    private static final int ADDRESSES_PER_LINK = 4;
    private static final int SECOND_BASE = 128;

    private final String link;
    private final String device;
    private final String namespace;
    private final String farDevicePrefix;
    private final String destination;

    LabUplink(
            String link,
            String device,
            String namespace,
            String farDevicePrefix,
            String destination) {
        this.link = link;
        this.device = device;
        this.namespace = namespace;
        this.farDevicePrefix = farDevicePrefix;
        this.destination = destination;
    }

    /** Its name in the site's configuration. */
    String link() {
        return link;
    }

    /** In the site's namespace. */
    String device() {
        return device;
    }

    /** Where the other end is. */
    String namespace() {
        return namespace;
    }

    String farDevice(LabSite site) {
        return farDevicePrefix + site.name();
    }

    /** As it is seen from there. */
    String address(LabSite site) {
        return host(site, 2);
    }

    String gateway(LabSite site) {
        return host(site, 1);
    }

    /** What leads there. The lower its number, the more a route is preferred. */
    String route(String gateway) {
        String metric = this == SECOND ? " metric 200" : "";
        return "ip route add " + destination + " via " + gateway + " dev " + device + metric;
    }

    private String host(LabSite site, int number) {
        int last = ADDRESSES_PER_LINK * site.index() + number;
        return switch (this) {
            case FIRST -> "198.51.100." + last;
            case SECOND -> "198.51.100." + (SECOND_BASE + last);
            case ALT_WAN -> "172.16." + (site.index() + 1) + "." + number;
        };
    }
}
