package io.spillway.node.lab;

import io.spillway.crypto.CertifiedName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes what every node needs to start: its configuration and its identity, below one directory.
 */
final class LabConfig {
    private static final String SITE =
            """
            site: {id: %d, name: %s, account: %s}
            identity: %s
            state: %s
            commandSocket: %s
            pops: [%s]
            links:
              - {name: wan1, device: %s, port: %d, precedence: 1, mtu: 1500%s}
            %slan:
              - port: spw-lan
                bridge: %s
                networks:
                  - {name: office, vlan: 0, gateways: ["%s/24", "%s/64"], routerAdvertisements: true%s}
            %s%srecovery: {enabled: %s, freeze: %s, liveRoutes: %s, returnBackoff: %s}
            captureSecrets: true
            readiness: %s
            %s%s%s%s%s\
            """;

    private static final String POP =
            """
            pop: {name: %s, account: %s}
            identity: %s
            state: %s
            commandSocket: %s
            authority: %s
            listen: {address: %s, device: %s, tunnelPort: 443, channelPort: 443, mtu: 1500}
            nodes: [%s]
            policy: %s
            %s%s%s\
            """;

    private final Path directory;
    private final LabOptions options;
    private final LabNetwork network;
    private final Setting setting;
    private final LabAccount account;

    LabConfig(Path directory, LabOptions options, Setting setting, LabNetwork network)
            throws IOException {
        this.directory = directory;
        this.network = network;
        this.options = options;
        this.setting = setting;
        account = LabAccount.create(directory.resolve(LabAccount.DIRECTORY), LabSite.ACCOUNT);
    }

    /** The site's process, ready to start. */
    NodeProcess site(LabSite site) throws IOException {
        identify(site.name(), CertifiedName.site(LabSite.ACCOUNT, site.id(), site.name()));
        String text =
                SITE.formatted(
                        site.id(),
                        site.name(),
                        LabSite.ACCOUNT,
                        identity(site.name()),
                        state(site.name()),
                        socket(site.name()),
                        entries(network.pops(), LabPop::pop),
                        LabNetwork.WAN_DEVICE,
                        LabSite.WAN_PORT,
                        offCloud(network.forwarded(site)) + ofFirst(site),
                        network.extraLinks(),
                        LabNetwork.LAN_BRIDGE,
                        site.lan4(1),
                        site.lan6(1),
                        network.has(LabPart.NAMES) ? NameServers.relay(site) : "",
                        network.has(LabPart.NAMES) ? NameServers.route(site) : "",
                        network.hasGuest(site)
                                ? LanGuest.configuration(site, network.has(LabPart.SERVER))
                                : "",
                        options.recovery() && !isDisabled(site),
                        options.freeze(),
                        hasLiveRoutes(site),
                        setting.returnBackoff(),
                        setting.readiness(),
                        network.bgp(site),
                        internet(site),
                        network.hasGuest(site) ? lanFirewall(site) : "",
                        network.has(LabPart.NAMES) ? NameServers.configuration(site) : "",
                        notices());
        return node(site.name(), site.name(), "site", text, command(site));
    }

    private String internet(LabSite site) {
        boolean isOff = setting == Setting.WITH_SERVER && site.index() == 1;
        return network.has(LabPart.SERVER) ? "internet: {recovery: %s}%n".formatted(!isOff) : "";
    }

    private String notices() throws IOException {
        return network.has(LabPart.RECEIVER) ? NoticeReceiver.configuration(directory) : "";
    }

    private String lanFirewall(LabSite site) throws IOException {
        if (network.has(LabPart.SERVER)) {
            return "";
        }
        Path policy = policy(directory, site);
        Files.writeString(policy, LanRuleStory.POLICY);
        return "lanFirewall: {policy: %s}%n".formatted(policy);
    }

    /** The file of the LAN's rules. */
    static Path policy(Path directory, LabSite site) {
        return directory.resolve(site.name()).resolve("policy.yaml");
    }

    private boolean isDisabled(LabSite site) {
        return isLast(site) && setting.last() == Setting.LastSite.DISABLED;
    }

    private boolean hasLiveRoutes(LabSite site) {
        return !isLast(site) && setting.last() == Setting.LastSite.FROZEN;
    }

    private boolean isLast(LabSite site) {
        return site.index() == options.sites() - 1;
    }

    private String ofFirst(LabSite site) {
        return site.index() == 0 ? setting.firstLink() : "";
    }

    private static String offCloud(String forwarded) {
        return forwarded == null
                ? ""
                : ", offCloud: {publicIp: %s, publicStaticPort: %d}"
                        .formatted(forwarded, NatBox.STATIC_PORT);
    }

    private static String entries(List<LabPop> pops, Function<LabPop, String> name) {
        return pops.stream()
                .map(
                        pop ->
                                "{name: %s, address: %s, tunnelPort: 443, channelPort: 443}"
                                        .formatted(name.apply(pop), pop.address()))
                .collect(Collectors.joining(", "));
    }

    /** The PoP node's process, ready to start. */
    NodeProcess pop(LabPop pop) throws IOException {
        List<LabPop> others = network.pops().stream().filter(other -> !other.equals(pop)).toList();
        identify(pop.node(), CertifiedName.pop(LabSite.ACCOUNT, pop.node()));
        String text =
                POP.formatted(
                        pop.node(),
                        LabSite.ACCOUNT,
                        identity(pop.node()),
                        state(pop.node()),
                        socket(pop.node()),
                        directory.resolve(LabAccount.DIRECTORY),
                        pop.address(),
                        LabNetwork.POP_DEVICE,
                        entries(others, LabPop::node),
                        setting.policy(),
                        network.has(LabPart.WAN_FIREWALL) ? wanFirewall(pop) : "",
                        network.has(LabPart.SERVER)
                                ? "internet: {device: %s}%n".formatted(LabNetwork.POP_DEVICE)
                                : "",
                        notices());
        NodeCommand command = NodeCommand.product();
        return node(pop.node(), pop.namespace(), "pop", text, command);
    }

    private String wanFirewall(LabPop pop) throws IOException {
        Path policy = wanPolicy(directory, pop);
        Files.writeString(policy, WanFirewallStory.OPEN_POLICY);
        return "wanFirewall: {policy: %s}%n".formatted(policy);
    }

    /** The file of the rules between sites. */
    static Path wanPolicy(Path directory, LabPop pop) {
        return directory.resolve(pop.node()).resolve("wan-policy.yaml");
    }

    private NodeCommand command(LabSite site) {
        NodeCommand product = NodeCommand.product();
        boolean isTrained = options.trained() != null && site.index() == 0;
        return isTrained ? product.trainingFor(options.trained()) : product;
    }

    private NodeProcess node(
            String name, String namespace, String role, String config, NodeCommand command)
            throws IOException {
        Path file = Files.writeString(of(name).resolve(role + ".yaml"), config);
        List<String> program = command.line(role, "--config", file.toString());
        return new NodeProcess(name, namespace, program, socket(name), log(name));
    }

    private void identify(String name, CertifiedName certified) throws IOException {
        Files.createDirectories(state(name));
        account.identify(identity(name), certified);
    }

    private Path of(String name) {
        return directory.resolve(name);
    }

    private Path identity(String name) {
        return of(name).resolve("identity");
    }

    private Path state(String name) {
        return of(name).resolve("state");
    }

    private Path socket(String name) {
        return of(name).resolve("command.sock");
    }

    private Path log(String name) {
        return of(name).resolve("log");
    }
}
