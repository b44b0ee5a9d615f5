package io.spillway.node;

import io.spillway.node.channel.EndpointText;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What must hold between the values of a {@code pop.yaml} and no schema can say. */
final class PopChecks {

    private static final Duration END_OF_STATE_MAX = Duration.ofMinutes(10);

    static void check(PopConfig config, ConfigTree tree) {
        Duration timeout = config.endOfStateTimeout();
        if (timeout.isZero() || timeout.compareTo(END_OF_STATE_MAX) > 0) {
            tree.mistake("endOfStateTimeout", DurationText.of(timeout) + ": expected 1ms..10m");
        }
        int alternate = config.listen().alternatePort();
        if (alternate == config.listen().tunnelPort()) {
            tree.mistake(
                    "listen.alternatePort", alternate + ": expected another port than tunnelPort");
        }
        nodes(config, tree);
        internet(config.internet(), tree);
        api(config.api(), tree);
        policy(config.policy(), tree);
        config.pmtu().check(tree);
        config.dataPlane().check(tree);
        if (config.notices() != null) {
            config.notices().check(tree);
        }
        int portThreads = config.dataPlane().portThreads();
        if (portThreads > 0) {
            tree.mistake("dataPlane.portThreads", portThreads + ": a PoP has no LAN ports");
        }
        Integer flowsPerHost = config.dataPlane().flowsPerHost();
        if (flowsPerHost != null) {
            tree.mistake("dataPlane.flowsPerHost", flowsPerHost + ": a PoP has no LAN ports");
        }
    }

    private static void nodes(PopConfig config, ConfigTree tree) {
        Set<String> names = new HashSet<>(Set.of(config.pop().name()));
        boolean isIpv4 = config.listen().address() instanceof Inet4Address;
        for (int i = 0; i < config.nodes().size(); i++) {
            PopConfig.Node node = config.nodes().get(i);
            String key = "nodes[" + i + "]";
            if (!names.add(node.name())) {
                tree.mistake(key + ".name", node.name() + ": expected a node not named yet");
            }
            if (node.address() instanceof Inet4Address != isIpv4) {
                tree.mistake(
                        key + ".address",
                        node.address().getHostAddress()
                                + ": expected the address family of listen.address");
            }
        }
    }

    private static void internet(PopConfig.Internet internet, ConfigTree tree) {
        if (internet == null) {
            return;
        }
        isIpv4("internet.publicIp", internet.publicIp(), tree);
        isIpv4("internet.resolver", internet.resolver(), tree);
    }

    private static void isIpv4(String key, InetAddress address, ConfigTree tree) {
        if (address instanceof Inet6Address) {
            tree.mistake(key, address.getHostAddress() + ": expected an IPv4 address");
        }
    }

    private static void api(PopConfig.Api api, ConfigTree tree) {
        if (api == null) {
            return;
        }
        boolean hasCertificate = api.certificate() != null;
        if (hasCertificate != (api.key() != null)) {
            String missing = hasCertificate ? "api.key" : "api.certificate";
            String given = hasCertificate ? "certificate" : "key";
            tree.mistake(missing, "missing, expected an absolute path, as there is a " + given);
        } else if (!hasCertificate && !api.listen().getAddress().isLoopbackAddress()) {
            tree.mistake(
                    "api.listen",
                    EndpointText.of(api.listen())
                            + ": expected an address of the loopback, or certificate and key");
        }
    }

    private static void policy(PopConfig.Policy policy, ConfigTree tree) {
        boolean isHubAndSpoke = policy.topology().equals("hub-and-spoke");
        if (isHubAndSpoke && policy.hubs().isEmpty()) {
            tree.mistake("policy.topology", "hub-and-spoke: expected a hub in policy.hubs");
        }
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < policy.sites().size(); i++) {
            long id = policy.sites().get(i).id();
            if (!seen.add(id)) {
                tree.mistake(
                        "policy.sites[" + i + "].id",
                        Long.toUnsignedString(id) + ": expected a site that is not listed yet");
            }
        }
    }

    private PopChecks() {}
}
