package io.spillway.node.policy;

import static io.spillway.node.policy.PolicyMistake.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.Decision;
import io.spillway.dataplane.firewall.NetworkRule;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.node.ConfigException;
import io.spillway.node.PolicyFile;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyFileTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;

    private static final List<PolicySide> SIDES =
            List.of(
                    new PolicySide(0, "office", 0, List.of(Prefix.parse("10.1.0.0/24"))),
                    new PolicySide(
                            1,
                            "guests",
                            20,
                            List.of(Prefix.parse("10.1.20.0/24"), Prefix.parse("fd00:20::/64"))));

    private static final String POLICY =
            """
            policy:
              objects:
                - {name: printers, members: [10.1.0.200-10.1.0.210, 10.1.0.5]}
                - {name: devices, members: [printers, "mac 02:00:00:00:00:07"]}
              services:
                - {name: printing, members: [tcp/9100, tcp/631]}
              rules:
                - name: no-guests
                  from: [network guests]
                  to: [vlan 0]
                  rules:
                    - {name: print, to: [printers], services: [printing], action: allow}
                - name: telephones
                  from: [10.1.0.0/24]
                  to: [vlan 20]
                  direction: both
                  services: [udp/5000-5999 from 5060, icmp/8]
                  rules:
                    - {name: all, action: allow}
                - {name: away, enabled: false, transport: wan}
                - {name: cloud, from: [devices], transport: wan}
            """;

    @TempDir private Path directory;
    private final PacketKey key = new PacketKey();

    private List<NetworkRule> read(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("policy.yaml"), text);
        return PolicyFile.read(file, SIDES, SiteNames::any).rules(SiteNames::any).rules();
    }

    @Test
    void shouldMeanWhatItSays() throws Exception {
        List<NetworkRule> rules = read(POLICY);
        CompiledPolicy policy = new CompiledPolicy(rules);

        assertEquals(
                List.of("no-guests", "telephones", "cloud"),
                rules.stream().map(NetworkRule::name).toList());
        assertEquals("no-guests print", decide(policy, 1, "10.1.20.9", "10.1.0.201", TCP, 9100));
        assertEquals("no-guests print", decide(policy, 1, "10.1.20.9", "10.1.0.5", TCP, 631));
        assertEquals("no-guests -", decide(policy, 1, "10.1.20.9", "10.1.0.5", TCP, 22));
        assertEquals("no-guests -", decide(policy, 1, "10.1.20.9", "10.1.0.211", TCP, 631));
        key.sourcePort = 5060;
        assertEquals("telephones all", decide(policy, 0, "10.1.0.9", "10.1.20.9", UDP, 5500));
        assertEquals("- -", decide(policy, 0, "10.1.0.9", "10.1.20.9", UDP, 6000));
        key.sourcePort = 0;
        assertEquals("- -", decide(policy, 0, "10.1.0.9", "10.1.20.9", UDP, 5500));
        assertEquals("telephones all", decide(policy, 0, "10.1.0.9", "10.1.20.9", ICMP, 8 << 8));
        assertEquals("cloud -", decide(policy, 0, "10.1.0.205", "10.1.20.9", TCP, 80));
        key.mac = 0x0200_0000_0007L;
        assertEquals("cloud -", decide(policy, 0, "10.1.0.77", "10.1.20.9", TCP, 80));
    }

    private String decide(
            CompiledPolicy policy, int side, String from, String to, int protocol, int number) {
        key.side = side;
        key.sourceLow = ValueSet.mapped(IpAddress.parse(from).toIpv4());
        key.destinationLow = ValueSet.mapped(IpAddress.parse(to).toIpv4());
        key.service = PacketKey.service(protocol, number);
        Decision decision = policy.decision(policy.decide(key));
        String network = decision.network() == null ? "-" : decision.network().name();
        return network + " " + (decision.rule() == null ? "-" : decision.rule().name());
    }

    /** Each would be looked into a thousand times by each of a thousand, and so on. */
    @Test
    void shouldNotMultiplyNamesWithinNames() throws Exception {
        String many = String.join(", ", Collections.nCopies(1_000, "%s"));
        StringBuilder text = new StringBuilder("policy:\n  objects:\n");
        for (int i = 0; i < 20; i++) {
            String inner = i == 19 ? "10.1.0.5" : "o" + (i + 1);
            text.append(
                    "    - {name: o%d, members: [%s]}\n".formatted(i, many.replace("%s", inner)));
        }
        text.append("  rules: [{name: all, from: [o0]}]\n");

        List<NetworkRule> rules = read(text.toString());

        key.side = 0;
        assertEquals(
                "all -", decide(new CompiledPolicy(rules), 0, "10.1.0.5", "10.1.20.9", TCP, 1));
        String circle = text.toString().replace("10.1.0.5", "o0");
        assertThrows(ConfigException.class, () -> read(circle));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                row(
                        "to: [printers]",
                        "to: [printerz]",
                        "12: policy.rules[0].rules[0].to[0]: printerz: expected any, a prefix"),
                row(
                        "[network guests]",
                        "[network gäste]",
                        "9: policy.rules[0].from[0]: network gäste: expected the name of a network"),
                row(
                        "vlan 20]\n      direction",
                        "vlan 30]\n      direction",
                        "15: policy.rules[1].to[0]: vlan 30: expected the VLAN of a network"),
                row(
                        "10.1.0.200-10.1.0.210",
                        "10.1.0.210-10.1.0.200",
                        "3: policy.objects[0].members[0]: 10.1.0.210-10.1.0.200: expected any"),
                row(
                        "10.1.0.0/24",
                        "10.1.0.1/24",
                        "14: policy.rules[1].from[0]: 10.1.0.1/24: expected any"),
                row(
                        "tcp/9100",
                        "tcp/99100",
                        "6: policy.services[0].members[0]: tcp/99100: expected ports 0..65535"),
                row(
                        "icmp/8]",
                        "icmp/256]",
                        "17: policy.rules[1].services[1]: icmp/256: expected a"),
                row("[printing]", "[]", "12: policy.rules[0].rules[0].services: a list of 0"),
                row("name: all", "name: print, to: [any]\n        , name: x", "given twice"),
                row("name: telephones", "name: no-guests", "13: policy.rules[1].name: no-guests"),
                row(
                        "{name: devices, members: [printers",
                        "{name: devices, members: [devices",
                        "4: policy.objects[1].members[0]: devices: expected another name: this one would hold"),
                row(
                        "from: [network guests]",
                        "from: [devices]\n      direction: both",
                        "policy.rules[0].direction: both: expected to, since from names a mac"),
                row(
                        "to: [printers]",
                        "to: [devices]",
                        "12: policy.rules[0].rules[0].to: mac: expected in from only"),
                row(
                        "{name: cloud, from: [devices], transport: wan}",
                        "{name: cloud, transport: wan, rules: [{name: x, action: block}]}",
                        "policy.rules[3].rules: expected none, since transport is wan"),
                row(
                        "name: all, action: allow",
                        "name: all, action: maybe",
                        "maybe: expected one of allow"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNameRuleAndField(PolicyMistake mistake) {
        mistake.assertNamed(POLICY, this::read);
    }
}
