package io.spillway.bench.tunnel.contender;

import io.spillway.bench.tunnel.load.Host;
import java.io.IOException;
import java.net.InetAddress;

/**
 * One of the two sites and its host: names of namespaces and addresses.
 *
 * <pre>
 *   host-a .10 ─ 10.1.0.0/24 ─ .1 site-a .1 ─ 198.51.100.0/30 ─ .2 site-b .1 ─ 10.2.0.0/24 ─ .10 host-b
 * </pre>
 */
public enum Side {
    A(1),
    B(2);

    private final int number;

    Side(int number) {
        this.number = number;
    }

    Side other() {
        return this == A ? B : A;
    }

    int number() {
        return number;
    }

    /** For names of devices, files and processes. */
    String letter() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    String site() {
        return "site-" + letter();
    }

    String host() {
        return "host-" + letter();
    }

    /** As the traffic's end. */
    public Host asHost() throws IOException {
        return new Host(host(), InetAddress.getByName(hostAddress()));
    }

    String lan() {
        return "10." + number + ".0.0/24";
    }

    String gateway() {
        return "10." + number + ".0.1";
    }

    String hostAddress() {
        return "10." + number + ".0.10";
    }

    String wanAddress() {
        return "198.51.100." + number;
    }

    /** Inside the tunnels that want an address of their own. */
    String tunnelAddress() {
        return "192.168.77." + number;
    }
}
