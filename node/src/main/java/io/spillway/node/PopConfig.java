package io.spillway.node;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.routing.fib.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A checked {@code pop.yaml}. Immutable. Defaults stand in {@code pop.schema.json}.
 *
 * @param identity directory of the PoP's key and certificates
 * @param state directory of what survives a restart, the expected sites among it
 * @param authority directory of the account's certificate authority; null: no enrolment here
 * @param internet null: sites do not reach the Internet here
 * @param innerAddress source of its own ICMP errors; null: a dummy
 * @param wanFirewall null: everything is allowed between sites
 * @param metrics null: there are none
 * @param notices null: nobody is told
 * @param api null: nobody is answered
 */
public record PopConfig(
        Pop pop,
        Path identity,
        Path state,
        Path commandSocket,
        Path authority,
        Listen listen,
        List<Node> nodes,
        Internet internet,
        IpAddress innerAddress,
        PathMtuConfig pmtu,
        Duration endOfStateTimeout,
        Policy policy,
        WanFirewall wanFirewall,
        DataPlaneConfig dataPlane,
        MetricsConfig metrics,
        NoticesConfig notices,
        Api api) {

    public PopConfig {
        nodes = List.copyOf(nodes);
    }

    /** Reads and checks {@code file}; the exception lists all mistakes in it. */
    public static PopConfig read(Path file) throws ConfigException {
        return ConfigFile.POP.read(file);
    }

    /**
     * @param name of this node: its certificate's
     */
    public record Pop(String name, String account) {}

    /** Another PoP node of the account. */
    public record Node(String name, InetAddress address, int tunnelPort, int channelPort) {}

    /**
     * @param policy a file, such as {@code examples/wan-policy.yaml}
     */
    public record WanFirewall(Path policy) {}

    /**
     * Of the account, for programs.
     *
     * @param listen one address of this machine, TCP
     * @param certificate chain that callers are shown, PEM; null: HTTP without TLS
     * @param key of the certificate, PKCS#8 as PEM; null where that is
     * @param store directory of the keys that callers have, of events and of who did what
     */
    public record Api(InetSocketAddress listen, Path certificate, Path key, Path store) {}

    /**
     * @param device that leads to the Internet
     * @param publicIp of the NAT before it; null: the device's own
     * @param resolver address at which this machine answers sites' questions for names; null: none
     */
    public record Internet(String device, InetAddress publicIp, InetAddress resolver) {}

    /**
     * @param topology {@code full-mesh} or {@code hub-and-spoke}
     * @param hubs site IDs
     * @param recovery {@code default}, {@code enabled} or {@code disabled} (F01)
     * @param china {@code domestic-mesh}, {@code none} or {@code full} (D51)
     */
    public record Policy(
            String topology,
            List<Long> hubs,
            String recovery,
            String china,
            List<SitePolicy> sites) {
        public Policy {
            hubs = List.copyOf(hubs);
            sites = List.copyOf(sites);
        }

        public AccountPolicy toAccountPolicy() {
            Map<Long, AccountPolicy.Rule> rules = new HashMap<>();
            sites.forEach(site -> rules.put(site.id(), site.toRule()));
            return new AccountPolicy(
                    AccountPolicy.Topology.valueOf(constant(topology)),
                    Set.copyOf(hubs),
                    !recovery.equals(DISABLED),
                    AccountPolicy.China.valueOf(constant(china)),
                    rules);
        }

        private static String constant(String key) {
            return key.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    /**
     * @param recovery {@code default}: as the account
     * @param region {@code world} or {@code china}
     */
    public record SitePolicy(long id, String recovery, String region) {
        private AccountPolicy.Rule toRule() {
            Boolean isOn = recovery.equals(DEFAULT) ? null : !recovery.equals(DISABLED);
            return new AccountPolicy.Rule(isOn, region.equals(CHINA));
        }
    }

    private static final String DEFAULT = "default";
    private static final String DISABLED = "disabled";
    private static final String CHINA = "china";

    /**
     * @param alternatePort takes tunnels too, and tells sites what their NAT does (D56)
     * @param mtu 0: the device's
     */
    public record Listen(
            InetAddress address,
            String device,
            int tunnelPort,
            int alternatePort,
            int channelPort,
            int mtu) {}
}
