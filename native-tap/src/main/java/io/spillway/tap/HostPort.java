package io.spillway.tap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The appliance's own kernel stack as one more port of the data plane: a TUN device on which the
 * kernel owns the gateway addresses. What is for them is written to {@link #device}; what the
 * kernel sends is read from it.
 *
 * <pre>
 *             kernel: BGP, SSH, DHCP, DNS, WebUI on the gateway addresses
 *                │ ip rule from GATEWAY lookup TABLE: default dev spw-host
 *                │
 *   WAN ──nft──X spw-host (TUN, vnet header, checksum offload)
 *                │
 *            data plane ── TAP ── LAN bridge: no address, arp_ignore=8, disable_ipv6=1
 * </pre>
 *
 * <p>Without the rule, replies to remote sites would leave by the WAN in plain text. When this
 * process dies the device goes, the rule and an unreachable route stay: such replies then go
 * nowhere. Without the bridge's settings the kernel would answer ARP for the gateways itself, and
 * the data plane would be bypassed.
 *
 * <p>Opened and closed by one control thread, in the network namespace of the data plane; both wait
 * for programs ({@code ip}, {@code nft}). The device is the data plane's.
 */
public final class HostPort implements AutoCloseable {
    /** Before main (32766) and behind local (0). */
    private static final String RULE_PRIORITY = "2000";

    /** Behind the default route, so in force when the device is gone. */
    private static final String UNREACHABLE_METRIC = "1000000";

    private static final String ARP_IGNORE_ALL = "8";

    private interface Step {
        void run() throws IOException;
    }

    private final HostPortConfig config;
    private final HostPortRules rules;
    private final String table;
    private final Sysctls sysctls = new Sysctls();
    private final TapDevice device;
    private boolean closed;

    private HostPort(HostPortConfig config) throws IOException {
        this.config = config;
        this.rules = new HostPortRules(config);
        this.table = Integer.toString(config.table());
        this.device =
                TapDevice.open(
                        new TapConfig(
                                config.device(),
                                Layer.IP,
                                true,
                                TapConfig.OFFLOAD_CHECKSUM,
                                false));
    }

    /**
     * Makes the port and everything around it, replacing what a crashed process left. On failure
     * nothing stays; the message names the program or setting that failed.
     */
    public static HostPort open(HostPortConfig config) throws IOException {
        for (String bridge : config.bridges()) {
            BridgeCheck.requireNoAddress(bridge);
        }
        HostPort port = new HostPort(config);
        try {
            port.install();
            return port;
        } catch (IOException e) {
            port.closeAfter(e);
            throw e;
        }
    }

    /** Without {@link TapConfig#OFFLOAD_CHECKSUM} in its offloads checksums must be complete. */
    public TapDevice device() {
        return device;
    }

    /**
     * Removes all that open made. A bridge gets back the settings it had, unless it had ours
     * already.
     *
     * @throws IOException the first failure, further ones suppressed; every step was tried.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        List<IOException> failures = new ArrayList<>();
        // Addresses go with the device, and then only what kept them from the WAN.
        device.close();
        attempt(failures, this::removeRouting);
        attempt(failures, sysctls::restore);
        attempt(failures, () -> Programs.feed(rules.remove(), "nft", "-f", "-"));
        if (!failures.isEmpty()) {
            IOException first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    /**
     * The guard first, the address next to last: at no time is a gateway reachable from the WAN.
     */
    private void install() throws IOException {
        Programs.feed(rules.install(), "nft", "-f", "-");
        for (String bridge : config.bridges()) {
            silence(bridge);
        }
        prepareDevice();
        removeRouting();
        installRouting("-4", config.hasIpv4());
        installRouting("-6", config.hasIpv6());
        for (GatewayAddress gateway : config.gateways()) {
            installGateway(gateway);
        }
    }

    private void silence(String bridge) throws IOException {
        sysctls.set("ipv4", bridge, "arp_ignore", ARP_IGNORE_ALL);
        if (sysctls.exists("ipv6", bridge)) {
            sysctls.set("ipv6", bridge, "disable_ipv6", "1");
        }
    }

    /** No link-local address and no router solicitation: there is nobody to hear it. */
    private void prepareDevice() throws IOException {
        if (config.hasIpv6()) {
            sysctls.set("ipv6", config.device(), "disable_ipv6", "0");
            sysctls.set("ipv6", config.device(), "addr_gen_mode", "1");
            sysctls.set("ipv6", config.device(), "accept_ra", "0");
        }
        NetworkDevice.setUp(config.device());
    }

    private void installRouting(String family, boolean isWanted) throws IOException {
        if (isWanted) {
            runIp(family, "route replace default dev " + config.device() + " table " + table);
            installUnreachable(family);
        }
    }

    private void installUnreachable(String family) throws IOException {
        runIp(
                family,
                "route replace unreachable default metric "
                        + UNREACHABLE_METRIC
                        + " table "
                        + table);
    }

    private void installGateway(GatewayAddress gateway) throws IOException {
        String family = gateway.isIpv4() ? "-4" : "-6";
        String noDuplicateDetection = gateway.isIpv4() ? "" : " nodad";
        runIp(
                family,
                "rule add from %s lookup %s priority %s"
                        .formatted(gateway.host(), table, RULE_PRIORITY));
        runIp(
                family,
                "addr replace %s dev %s%s"
                        .formatted(gateway, config.device(), noDuplicateDetection));
    }

    /** The table is ours alone, so every rule and route that names it is. */
    private void removeRouting() throws IOException {
        for (String family : families()) {
            runIp(family, "rule flush table " + table);
            // A table that does not exist cannot be flushed.
            installUnreachable(family);
            runIp(family, "route flush table " + table);
        }
    }

    private List<String> families() {
        return sysctls.exists("ipv6", "all") ? List.of("-4", "-6") : List.of("-4");
    }

    /** No argument of ours holds a blank: names and addresses were checked. */
    private static void runIp(String family, String arguments) throws IOException {
        Programs.run(("ip " + family + " " + arguments).split(" "));
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void attempt(List<IOException> failures, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            failures.add(e);
        }
    }
}
