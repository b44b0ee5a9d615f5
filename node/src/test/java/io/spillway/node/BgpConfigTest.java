package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.BgpConfig.Neighbour;
import io.spillway.routing.fib.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The part {@code bgp} of a site's file: what it means, and what is wrong with it. */
class BgpConfigTest {
    private static final String SITE =
            """
            site: {id: 1001, name: berlin, account: acme}
            pops: [{name: frankfurt, address: 203.0.113.10}]
            links: [{name: wan1, device: wan0, port: 20060}]
            lan:
              - port: spw-lan
                networks:
                  - {name: office, gateways: [10.1.0.1/24, "fd00:1::1/64"]}
                  - {name: voice, vlan: 20, gateways: [10.1.2.1/24]}
            bgp:
              as: 4200000001
              neighbours:
                - {name: core, address: 10.1.0.254, as: 65020}
            """;

    static Stream<Arguments> mistakes() {
        return Stream.of(
                row("as: 4200000001", "as: 0", "10: bgp.as: 0: expected 1..4294967295"),
                row(
                        "as: 4200000001",
                        "as: 23456",
                        "10: bgp.as: 23456: expected an AS number that is not reserved"),
                row(
                        "as: 65020",
                        "as: 65552",
                        "12: bgp.neighbours[0].as: 65552: expected an AS number that is not"
                                + " reserved"),
                row(
                        "as: 4200000001",
                        "as: 65001\n  routerId: \"fd00::1\"",
                        "11: bgp.routerId: fd00::1: expected an IPv4 address"),
                row(
                        "as: 4200000001",
                        "as: 65001\n  summaries: [10.0.0.0/8, 10.0.0.0/8]",
                        "11: bgp.summaries[1]: 10.0.0.0/8: expected another value than"
                                + " bgp.summaries[0] has"),
                row(
                        "as: 4200000001",
                        "as: 65001\n  summaries: [0.0.0.0/0]",
                        "11: bgp.summaries[0]: 0.0.0.0/0: expected defaultOriginate of a neighbour"
                                + " instead"),
                row(
                        "10.1.0.254",
                        "10.1.0.1",
                        "12: bgp.neighbours[0].address: 10.1.0.1: expected another address than our"
                                + " gateway's"),
                row(
                        "10.1.0.254",
                        "10.9.0.1",
                        "12: bgp.neighbours[0].address: 10.9.0.1: expected an address in one of the"
                                + " LAN networks, or hops above 1"),
                row(
                        "10.1.0.254, as: 65020",
                        "10.9.0.1, as: 65020, hops: 2",
                        "12: bgp.neighbours[0].address: 10.9.0.1: expected an address that a static"
                                + " route of the LAN leads to"),
                row(
                        "as: 65020}",
                        "as: 65020}\n    - {name: core, address: 10.1.0.253, as: 65020}",
                        "13: bgp.neighbours[1].name: core: expected another value than"
                                + " bgp.neighbours[0].name has"),
                row(
                        "as: 65020}",
                        "as: 65020}\n    - {name: edge, address: 10.1.0.254, as: 65021}",
                        "13: bgp.neighbours[1].address: 10.1.0.254: expected another value than"
                                + " bgp.neighbours[0].address has"),
                row(
                        "as: 65020",
                        "as: 65020, hold: 2s",
                        "12: bgp.neighbours[0].hold: 2s: expected 0s, or whole seconds 3s..65535s"),
                row(
                        "10.1.0.254, as: 65020",
                        "10.1.2.254, as: 65020, families: [ipv4, ipv6]",
                        "12: bgp.neighbours[0].families[1]: ipv6: expected a gateway of that family"
                                + " in network voice"),
                row(
                        "as: 65020",
                        "as: 65020, families: [ipv4, ipv4]",
                        "12: bgp.neighbours[0].families[1]: ipv4: expected each family once"),
                row(
                        "as: 65020",
                        "as: 65020, accept: [{prefix: 10.0.0.0/16, le: 8}]",
                        "12: bgp.neighbours[0].accept[0].le: 8: expected 16..32"),
                row(
                        "as: 65020",
                        "as: 65020, advertise: [{prefix: 10.0.0.0/16, ge: 33}]",
                        "12: bgp.neighbours[0].advertise[0].ge: 33: expected 16..32"),
                row(
                        "as: 65020",
                        "as: 65020, password: \"two words\"",
                        "12: bgp.neighbours[0].password: two words: expected 1 to 80 printable"
                                + " ASCII characters"),
                row(
                        "as: 65020",
                        "as: 65020, routeLimit: {action: drop}",
                        "12: bgp.neighbours[0].routeLimit.action: drop: expected one of ignore,"
                                + " end"),
                row(
                        "bgp:\n",
                        "hostPort: {enabled: false}\nbgp:\n",
                        "9: hostPort.enabled: false: expected true, since bgp needs the host"
                                + " port"));
    }

    private static Arguments row(String good, String bad, String expected) {
        assertTrue(SITE.contains(good), good);
        return Arguments.of(SITE.replace(good, bad), expected);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldSayWhatIsWrong(String text, String expected) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigFile.SITE.parse("site.yaml", text));

        assertEquals("site.yaml:" + expected, refused.getMessage());
    }

    @Test
    void shouldFillInWhatIsLeftOut() throws Exception {
        SiteConfig config = ConfigFile.SITE.parse("site.yaml", SITE);
        Neighbour core = config.bgp().neighbours().getFirst();

        assertEquals(4200000001L, config.bgp().as());
        assertNull(config.bgp().routerId());
        assertEquals(IpAddress.parse("10.1.0.254"), core.address());
        assertEquals(Duration.ofSeconds(60), core.hold());
        assertNull(core.accept());
        assertEquals(
                new BgpConfig.RouteLimit(1024, 75, BgpConfig.Excess.IGNORE), core.routeLimit());
        assertEquals(100, core.metric());
    }

    @Test
    void shouldReadPrefixLists() throws Exception {
        String list =
                "accept: [{prefix: 10.9.0.0/16, action: deny}, {prefix: 10.0.0.0/8, ge: 9},"
                        + " {prefix: 0.0.0.0/0}]}";
        SiteConfig config =
                ConfigFile.SITE.parse(
                        "site.yaml", SITE.replace("as: 65020}", "as: 65020, " + list));
        List<BgpConfig.Rule> accept = config.bgp().neighbours().getFirst().accept();

        assertEquals(BgpConfig.Action.DENY, accept.get(0).action());
        assertEquals(16, accept.get(0).lengthMax());
        assertEquals(9, accept.get(1).lengthMin());
        assertEquals(32, accept.get(1).lengthMax());
        assertEquals(0, accept.get(2).lengthMax());
    }
}
