package io.spillway.node.policy;

import static io.spillway.node.policy.PolicyMistake.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.node.WanPolicyFile;
import io.spillway.routing.fib.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R114. */
class WanPolicyFileTest {
    private static final int TCP = 6;
    private static final Instant MONDAY_NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Instant SUNDAY_NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final Map<String, Long> SITES = Map.of("berlin", 1001L, "london", 1002L);

    private static final String POLICY =
            """
            policy:
              objects:
                - {name: branches, members: [site berlin, 10.9.0.0/16]}
              services:
                - {name: web, members: [tcp/80, tcp/443]}
              rules:
                - {name: no-telnet, services: [tcp/23], action: block}
                - {name: intranet, from: [branches], to: [10.2.0.10], services: [web], action: allow}
                - name: backup
                  from: [site 1001]
                  to: [site london]
                  services: [tcp/445]
                  during: {days: [mon-fri], from: "08:00", to: "18:00", zone: Europe/Berlin}
                  action: allow
                - {name: off, enabled: false, action: allow}
                - {name: back, direction: both, from: [site london], to: [any], services: [tcp/22], action: allow}
            """;

    @TempDir private Path directory;
    private final PacketKey key = new PacketKey();

    private static Party site(String name) {
        Long id =
                SITES.containsKey(name)
                        ? SITES.get(name)
                        : SITES.values().stream()
                                .filter(each -> each.toString().equals(name))
                                .findFirst()
                                .orElse(null);
        return id == null ? null : Party.ofSites(ValueSet.range(id, id));
    }

    private List<WanRule> read(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("wan-policy.yaml"), text);
        return WanPolicyFile.read(file, WanPolicyFileTest::site).rules(WanPolicyFileTest::site);
    }

    private static CompiledPolicy at(Instant now, List<WanRule> rules) throws Exception {
        return new CompiledPolicy(
                WanPolicyFile.network(rules.stream().map(rule -> rule.at(now)).toList()));
    }

    @Test
    void shouldMeanWhatItSays() throws Exception {
        List<WanRule> rules = read(POLICY);
        CompiledPolicy policy = at(MONDAY_NOON, rules);

        assertEquals(
                List.of("no-telnet", "intranet", "backup", "back"),
                rules.stream().map(rule -> rule.rule().name()).toList());
        assertEquals("intranet", decide(policy, 1001, 1002, "10.1.0.5", "10.2.0.10", 443));
        assertEquals("intranet", decide(policy, 1003, 1002, "10.9.0.5", "10.2.0.10", 80));
        assertEquals("-", decide(policy, 1003, 1002, "10.3.0.5", "10.2.0.10", 80));
        assertEquals("-", decide(policy, 1001, 1002, "10.1.0.5", "10.2.0.11", 80));
        assertEquals("no-telnet", decide(policy, 1001, 1002, "10.1.0.5", "10.2.0.10", 23));
        assertEquals("backup", decide(policy, 1001, 1002, "10.1.0.5", "10.2.0.99", 445));
        assertEquals("-", decide(policy, 1002, 1001, "10.2.0.99", "10.1.0.5", 445));
        assertEquals("back", decide(policy, 1002, 1003, "10.2.0.99", "10.3.0.5", 22));
        assertEquals("back", decide(policy, 1003, 1002, "10.3.0.5", "10.2.0.99", 22));
        assertEquals("-", decide(policy, 1003, 1001, "10.3.0.5", "10.1.0.5", 22));
    }

    @Test
    void shouldAllowByTheClockAndKeepTheNumbersOfRules() throws Exception {
        List<WanRule> rules = read(POLICY);
        CompiledPolicy atWork = at(MONDAY_NOON, rules);
        CompiledPolicy atRest = at(SUNDAY_NOON, rules);

        assertEquals("-", decide(atRest, 1001, 1002, "10.1.0.5", "10.2.0.99", 445));
        assertEquals("back", decide(atRest, 1002, 1003, "10.2.0.99", "10.3.0.5", 22));
        assertEquals(atWork.decisionCount(), atRest.decisionCount());
        for (int i = 1; i < atWork.decisionCount() - 1; i++) {
            assertEquals(atWork.decision(i).rule().name(), atRest.decision(i).rule().name());
        }
    }

    private String decide(
            CompiledPolicy policy, long source, long target, String from, String to, int port) {
        key.sourceSite = source;
        key.targetSite = target;
        key.sourceLow = ValueSet.mapped(IpAddress.parse(from).toIpv4());
        key.destinationLow = ValueSet.mapped(IpAddress.parse(to).toIpv4());
        key.service = PacketKey.service(TCP, port);
        Decision decision = policy.decision(policy.decide(key));
        return decision.rule() == null ? "-" : decision.rule().name();
    }

    /** The start that the documentation names. */
    @Test
    void shouldFindTheExampleGood() throws Exception {
        Path example = Path.of(System.getProperty("spillway.home"), "examples/wan-policy.yaml");

        List<WanRule> rules = read(Files.readString(example));

        CompiledPolicy policy = at(MONDAY_NOON, rules);
        assertEquals("all-sites", decide(policy, 1002, 1001, "10.2.0.99", "10.1.0.5", 1));
        List<String> shown =
                Files.readString(example)
                        .lines()
                        .dropWhile(line -> !line.startsWith("  # "))
                        .map(line -> "  " + line.substring(4))
                        .toList();
        String text = "policy:\n" + String.join("\n", shown).replace("1003", "1002");
        assertEquals(3, read(text).size(), "those that are shown as comments");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                row(
                        "10.2.0.10]",
                        "10.2.0.300]",
                        "8: policy.rules[1].to[0]: 10.2.0.300: expected any"),
                row(
                        "site london]\n      services",
                        "site paris]\n      services",
                        "11: policy.rules[2].to[0]: site paris: expected the name or ID of one site"),
                row(
                        "site 1001",
                        "site 1009",
                        "10: policy.rules[2].from[0]: site 1009: expected the name or ID of one site"),
                row(
                        "site berlin, 10.9",
                        "network office, 10.9",
                        "3: policy.objects[0].members[0]: network office: expected any, a prefix"),
                row(
                        "name: no-telnet,",
                        "name: no-telnet, users: [alice],",
                        "7: policy.rules[0].users: not supported"),
                row(
                        "name: no-telnet,",
                        "name: no-telnet, applications: [smb], risk: high,",
                        "7: policy.rules[0].risk: not supported"),
                row(
                        "{name: no-telnet, ",
                        "{name: no-telnet, from: [user alice], ",
                        "7: policy.rules[0].from[0]: user alice: expected any, a prefix, an address, a"
                                + " range such as 10.1.0.5-10.1.0.9, site NAME, site ID, or an object's"
                                + " name (users and applications are not supported)"),
                row(
                        "mon-fri",
                        "mon-fry",
                        "13: policy.rules[2].during.days[0]: mon-fry: expected a day"),
                row(
                        "\"18:00\"",
                        "\"25:00\"",
                        "during.to: 25:00: expected a time of day such as 08:00"),
                row("\"18:00\"", "18", "during.to: 18: expected a time of day such as 08:00"),
                row(
                        "Europe/Berlin",
                        "Europe/Bern",
                        "during.zone: Europe/Bern: expected a time zone"),
                row(
                        "name: backup",
                        "name: intranet",
                        "9: policy.rules[2].name: intranet: expected"),
                row(
                        "action: block",
                        "transport: lan",
                        "7: policy.rules[0].transport: unknown key"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNameRuleAndField(PolicyMistake mistake) {
        mistake.assertNamed(POLICY, this::read);
    }
}
