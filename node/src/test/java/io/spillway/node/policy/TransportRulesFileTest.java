package io.spillway.node.policy;

import static io.spillway.node.policy.PolicyMistake.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.WanTransport;
import io.spillway.node.ConfigException;
import io.spillway.node.PolicyFile;
import io.spillway.routing.fib.Prefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules for what goes to other sites, as people write them: R110, R111. */
class TransportRulesFileTest {
    private static final List<PolicySide> SIDES =
            List.of(new PolicySide(0, "office", 0, List.of(Prefix.parse("10.1.0.0/24"))));

    private static final String POLICY =
            """
            policy:
              objects:
                - {name: centres, members: [site datacentre, 10.9.0.0/16]}
              rules: []
              wanRules:
                - {name: backups, from: [network office], to: [centres], services: [tcp/445], transport: off-cloud, secondary: cloud}
                - {name: off, enabled: false, to: [site old], transport: cloud}
                - {name: voice, services: [udp/5060], transport: alt-wan, secondary: none}
                - {name: rest, transport: automatic}
            """;

    private final RuleSites sites =
            new RuleSites(
                    List.of(new RuleSites.Known(7, "datacentre"), new RuleSites.Known(8, "old")));

    @TempDir private Path directory;

    private PolicyFile read(String text, SiteNames names) throws Exception {
        Path file = Files.writeString(directory.resolve("policy.yaml"), text);
        return PolicyFile.read(file, SIDES, names);
    }

    private SitePolicy read(String text) throws Exception {
        return read(text, sites::find).rules(sites::find);
    }

    @Test
    void shouldMeanWhatItSays() throws Exception {
        SitePolicy policy = read(POLICY);

        assertEquals(
                List.of("backups", "voice", "rest"),
                policy.wanRules().stream().map(TransportRule::name).toList());
        assertEquals(
                List.of(
                        new TransportRules.Choice(WanTransport.OFF_CLOUD, WanTransport.CLOUD),
                        new TransportRules.Choice(WanTransport.ALT_WAN, WanTransport.NONE),
                        new TransportRules.Choice(WanTransport.AUTOMATIC, WanTransport.AUTOMATIC)),
                policy.wanRules().stream().map(TransportRule::choice).toList());
        assertEquals(ValueSet.range(7, 7), backupSites(policy.wanRules()));
    }

    private static ValueSet backupSites(List<TransportRule> rules) {
        return rules.getFirst().scope().destination().sites();
    }

    @Test
    void shouldFollowSitesThatCome() throws Exception {
        RuleSites known = new RuleSites(List.of());
        PolicyFile file = read(POLICY, known::findOrNobody);
        LanPolicy before = file.compile(known::findOrNobody, true);
        assertEquals(Set.of("datacentre", "old"), known.missing());
        assertEquals(ValueSet.NONE, backupSites(before.wan().rules()));

        known.learn(List.of(new RuleSites.Known(9, "datacentre")));
        LanPolicy after = file.recompile(before, known::findOrNobody);

        assertEquals(Set.of("old"), known.missing());
        assertEquals(ValueSet.range(9, 9), backupSites(after.wan().rules()));
        assertSame(before.rules(), after.rules());
        assertSame(before.wan().transports(), after.wan().transports(), "it goes on counting");
    }

    /** Whether the directory is there or not: it is wrong either way. */
    @Test
    void shouldRefuseSitesBetweenNetworksAlsoWhereNobodyKnowsThem() {
        String wrong = POLICY.replace("rules: []\n", "rules: [{name: a, to: [centres]}]\n");
        RuleSites known = new RuleSites(List.of());

        assertThrows(ConfigException.class, () -> read(wrong, known::findOrNobody));
    }

    /** Without them a policy is what it was. */
    @Test
    void shouldNeedNone() throws Exception {
        assertEquals(List.of(), read("policy: {rules: []}\n").wanRules());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                row(
                        "site datacentre",
                        "site datacenter",
                        "3: policy.objects[0].members[0]: site datacenter: expected the name or ID"),
                row(
                        "transport: alt-wan",
                        "transport: mpls",
                        "8: policy.wanRules[2].transport: mpls"),
                row("off-cloud, secondary: cloud", "cloud, secondary: maybe", "maybe"),
                row(
                        "off-cloud, secondary: cloud",
                        "cloud, secondary: cloud",
                        "6: policy.wanRules[0].secondary: cloud: expected automatic, since"),
                row(
                        "transport: automatic",
                        "transport: automatic, secondary: none",
                        "9: policy.wanRules[3].secondary: none: expected automatic, since"),
                row("name: voice", "name: backups", "8: policy.wanRules[2].name: backups"),
                row(
                        "from: [network office], to: [centres]",
                        "from: [centres]",
                        "6: policy.wanRules[0].from: site: expected in to only"),
                row(
                        "rules: []\n",
                        "rules: [{name: a, to: [centres]}]\n",
                        "4: policy.rules[0].to: site: expected in wanRules only"),
                row(", transport: automatic", "", "9: policy.wanRules[3]"),
                row("[tcp/445]", "[tcp/x]", "6: policy.wanRules[0].services[0]: tcp/x: expected"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNameRuleAndField(PolicyMistake mistake) {
        mistake.assertNamed(POLICY, this::read);
    }
}
