package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.lab.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirewallRulesTest {
    private static final String SITE =
            """
            site: {id: 7, name: berlin, account: acme}
            pops: [{name: frankfurt, address: %s}]
            links:
              - {name: fibre, device: wan0, address: %s, port: 20060,
                 offCloud: {publicIp: %s, publicStaticPort: 4435}}
              - {name: lte, device: wan1, port: 20068}
            lan: [{port: spw-lan, networks: [{name: office, gateways: [10.1.0.1/24]}]}]
            """;

    private static final String ALT_WAN =
            "{name: mpls, role: alt-wan, device: mpls0, address: 172.16.1.2}";

    @TempDir Path directory;

    private static FirewallRules rules(String pop, String own, String outside) throws Exception {
        String text = SITE.formatted(pop, own, outside);
        return FirewallRules.of(ConfigFile.SITE.parse("site.yaml", text));
    }

    @Test
    void shouldSayInWordsWhatMustPass() throws Exception {
        assertEquals(
                """
                Site berlin, before its WAN links:
                out  fibre (wan0, 192.168.1.2) UDP port 20060 -> 203.0.113.10 UDP ports 443, 1337: tunnels, and STUN
                out  fibre (wan0, 192.168.1.2) any port -> 203.0.113.10 TCP port 443: the control channel
                out  fibre (wan0, 192.168.1.2) UDP port 20060 -> any address, any UDP port: the other sites
                in   any address, any UDP port -> 192.0.2.9 UDP port 4435, forwarded to fibre (wan0, 192.168.1.2) UDP port 20060
                out  lte (wan1) UDP port 20068 -> 203.0.113.10 UDP ports 443, 1337: tunnels, and STUN
                out  lte (wan1) any port -> 203.0.113.10 TCP port 443: the control channel
                out  lte (wan1) UDP port 20068 -> any address, any UDP port: the other sites
                in   answers to all of these, by state; ICMP errors about them
                """,
                rules("203.0.113.10", "192.168.1.2", "192.0.2.9").text());
    }

    @Test
    void shouldLeaveAltWanToItself() throws Exception {
        String text =
                SITE.formatted("203.0.113.10", "192.168.1.2", "192.0.2.9")
                        .replace("{name: lte, device: wan1, port: 20068}", ALT_WAN);
        FirewallRules rules = FirewallRules.of(ConfigFile.SITE.parse("site.yaml", text));

        String line =
                "both mpls (mpls0, 172.16.1.2) UDP port 20049 <-> the other sites' Alt WAN"
                        + " addresses, UDP";
        assertTrue(rules.text().contains(line), rules.text());
        assertFalse(rules.text().contains("mpls0, 172.16.1.2) UDP port 20049 -> 203.0.113.10"));
        String nft = "ip saddr 172.16.1.2 udp sport 20049 accept comment \"Alt WAN\"";
        assertTrue(rules.nft().contains(nft), rules.nft());
        assertTrue(rules.nft().contains("ip daddr 172.16.1.2 udp dport 20049 accept"));
    }

    /** The kernel's own parser takes them, with nothing changed. */
    @Test
    void shouldWriteRulesThatNftablesTakes() throws Exception {
        for (FirewallRules rules :
                List.of(
                        rules("203.0.113.10", "192.168.1.2", "192.0.2.9"),
                        rules("\"2001:db8::1\"", "\"2001:db8:1::2\"", "\"2001:db8:2::9\""))) {
            Path file = Files.writeString(directory.resolve("rules.nft"), rules.nft());
            List<String> check = List.of("unshare", "-rn", "nft", "-c", "-f", file.toString());
            Programs.Outcome outcome = Programs.outcome(check);
            assertEquals(0, outcome.status(), () -> outcome.output() + rules.nft());
        }
    }

    /** Of two links whose addresses may change. */
    @Test
    void shouldSayNothingTwice() throws Exception {
        String text =
                SITE.formatted("203.0.113.10", "192.168.1.2", "192.0.2.9")
                        .replace("address: 192.168.1.2, ", "");
        FirewallRules rules = FirewallRules.of(ConfigFile.SITE.parse("site.yaml", text));

        for (String said : List.of(rules.text(), rules.nft())) {
            List<String> lines = said.lines().filter(line -> !line.equals("  }")).toList();
            assertEquals(List.copyOf(new LinkedHashSet<>(lines)), lines);
        }
    }

    @Test
    void shouldNotForwardToAnAddressThatMayChange() throws Exception {
        String text = SITE.formatted("203.0.113.10", "192.168.1.2", "192.0.2.9");
        String moving = text.replace("address: 192.168.1.2, ", "");
        String nft = FirewallRules.of(ConfigFile.SITE.parse("site.yaml", moving)).nft();

        assertTrue(
                nft.contains("# ip daddr 192.0.2.9 udp dport 4435: dnat to the address of wan0"));
        assertFalse(nft.contains("saddr"));
    }
}
