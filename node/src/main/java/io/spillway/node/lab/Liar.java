package io.spillway.node.lab;

import java.io.IOException;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine beside the Internet's router that gets a copy of everything the router forwards and
 * answers it with lies: to every datagram an ICMP error, to every segment of TCP a reset with the
 * right numbers. What it lies about arrives all the same.
 */
final class Liar {
    private static final String NAMESPACE = "liar";
    private static final String INTERNET_DEVICE = "to-liar";
    private static final String DEVICE = "eth0";
    private static final String GATEWAY = "192.0.2.249";
    private static final String ADDRESS = "192.0.2.250";
    private static final Pattern COUNTED = Pattern.compile("counter packets (\\d+)");

    /** In turn, so that a site hears them all. */
    private static final String[] ERRORS = {
        "net-unreachable", "host-unreachable", "port-unreachable", "admin-prohibited"
    };

    private final LabNetwork network;

    private Liar(LabNetwork network) {
        this.network = network;
    }

    /** It lies from now on. */
    static Liar start(LabNetwork network) throws IOException {
        network.attach(NAMESPACE, DEVICE, INTERNET_DEVICE, ADDRESS, GATEWAY);
        Liar liar = new Liar(network);
        liar.prepare();
        String inet = LabSite.INTERNET_NAMESPACE;
        network.in(inet, "nft add table ip lies");
        network.in(inet, "nft add chain ip lies copy { type filter hook forward priority 10 ; }");
        network.in(
                inet,
                "nft add rule ip lies copy iifname != %s meta l4proto { tcp, udp } dup to %s device %s"
                        .formatted(INTERNET_DEVICE, ADDRESS, INTERNET_DEVICE));
        return liar;
    }

    private void prepare() throws IOException {
        network.in(
                NAMESPACE,
                "sysctl -qew net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0"
                        + " net.ipv4.icmp_msgs_per_sec=1000000 net.ipv4.icmp_msgs_burst=1000"
                        + " net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0");
        network.in(NAMESPACE, "nft add table ip lies");
        StringJoiner turns = new StringJoiner(", ");
        for (int i = 0; i < ERRORS.length; i++) {
            String chain = ERRORS[i].replace('-', '_');
            network.in(NAMESPACE, "nft add chain ip lies " + chain);
            network.in(
                    NAMESPACE,
                    "nft add rule ip lies %s reject with icmp type %s".formatted(chain, ERRORS[i]));
            turns.add(i + " : goto " + chain);
        }
        network.in(
                NAMESPACE, "nft add chain ip lies say { type filter hook forward priority 0 ; }");
        network.in(
                NAMESPACE,
                "nft add rule ip lies say counter meta l4proto udp numgen inc mod %d vmap { %s }"
                        .formatted(ERRORS.length, turns));
        network.in(NAMESPACE, "nft add rule ip lies say meta l4proto tcp reject with tcp reset");
        network.in(
                NAMESPACE, "nft add chain ip lies told { type filter hook output priority 0 ; }");
        network.in(
                NAMESPACE, "nft add rule ip lies told icmp type destination-unreachable counter");
        network.in(NAMESPACE, "nft add rule ip lies told tcp flags rst counter");
    }

    /** How many packets of sites and PoP it got to see. */
    long heard() throws IOException {
        return counted("say");
    }

    /** How many lies have left it. */
    long told() throws IOException {
        return counted("told");
    }

    private long counted(String chain) throws IOException {
        Matcher counted = COUNTED.matcher(network.in(NAMESPACE, "nft list chain ip lies " + chain));
        long sum = 0;
        while (counted.find()) {
            sum += Long.parseLong(counted.group(1));
        }
        return sum;
    }

    void stop() throws IOException {
        network.in(LabSite.INTERNET_NAMESPACE, "nft delete table ip lies");
    }
}
