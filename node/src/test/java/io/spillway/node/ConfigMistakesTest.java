package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row: one thing somebody gets wrong in a good file, and the exact words we answer with. */
class ConfigMistakesTest {

    private static final String SITE =
            """
            site: {id: 1001, name: berlin, account: acme}
            pops:
              - {name: frankfurt, address: 203.0.113.10}
            links:
              - {name: wan1, device: wan0, port: 20060}
              - {name: wan2, device: wan1, port: 20068}
            lan:
              - port: spw-lan
                bridge: br-lan
                networks:
                  - name: office
                    vlan: 0
                    gateways: [10.1.0.1/24, "fd00:1::1/64"]
                  - {name: voice, vlan: 20, gateways: [10.1.2.1/24]}
                routes:
                  - {prefix: 10.1.9.0/24, via: 10.1.0.254}
            """;

    private static final String POP =
            """
            pop: {name: frankfurt, account: acme}
            listen: {address: 203.0.113.10, device: eth0}
            """;

    static Stream<Arguments> siteMistakes() {
        return Stream.of(
                // a value out of its bounds or of the wrong kind
                site(
                        "vlan: 20",
                        "vlan: 5000",
                        "14: lan[0].networks[1].vlan: 5000: expected 0..4094"),
                site("id: 1001", "id: 0", "1: site.id: 0: expected 1..18446744073709551615"),
                site("id: 1001", "id: -1", "1: site.id: -1: expected 1..18446744073709551615"),
                site(
                        "id: 1001",
                        "id: 18446744073709551616",
                        "1: site.id: 18446744073709551616: expected 1..18446744073709551615"),
                site("id: 1001", "id: 1.5", "1: site.id: 1.5: expected 1..18446744073709551615"),
                site(
                        "id: 1001",
                        "id: berlin",
                        "1: site.id: berlin: expected 1..18446744073709551615"),
                site(
                        "name: wan1, device: wan0, port: 20060",
                        "name: wan1, device: wan0",
                        "5: links[0].port: missing, expected 1..65535"),
                site(
                        "port: 20060",
                        "port: 20060, role: mpls",
                        "5: links[0].role: mpls: expected one of internet, alt-wan"),
                site(
                        "port: 20060",
                        "role: alt-wan, offCloud: {publicIp: 192.0.2.1, publicStaticPort: 1}",
                        "5: links[0].offCloud.publicIp: 192.0.2.1: expected none with role"
                                + " alt-wan"),
                site(
                        "  - {name: wan2, device: wan1, port: 20068}",
                        "  - {name: wan2, device: wan1, port: 20068, role: internet, mtu: 0}",
                        "6: links[1].mtu: 0: expected 576..65535"),
                site(
                        "lan:\n  -",
                        "linkQuality: {latency: 0ms}\nlan:\n  -",
                        "7: linkQuality.latency: 0ms: expected at least 1ms"),
                withDns(
                        "serviceAddress: 10.1.0.9",
                        "7: dns.serviceAddress: 10.1.0.9: expected none of the LAN's, is in network"
                                + " office"),
                withDns(
                        "zones: [{name: corp..example, servers: [10.2.0.53]}]",
                        "7: dns.zones[0].name: corp..example: expected a domain such as"
                                + " corp.example"),
                withDns(
                        "zones: [{name: a.b, servers: [10.2.0.53]}, {name: A.B., servers: [10.2.0.5]}]",
                        "7: dns.zones[1].name: A.B.: expected another value than dns.zones[0].name"
                                + " has"),
                withDns(
                        "zones: [{name: a.b, servers: []}]",
                        "7: dns.zones[0].servers: a list of 0: expected a list of 1 to 3"),
                withDns(
                        "upstream: [192.0.2.1, 10.254.254.1]",
                        "7: dns.upstream[1]: 10.254.254.1: expected another address than"
                                + " dns.serviceAddress"),
                site(
                        "lan:\n  -",
                        "hostPort: {enabled: false}\ndns: {}\nlan:\n  -",
                        "7: hostPort.enabled: false: expected true, since dns needs the host port"),
                withRelay(
                        "10.1.2.53",
                        "14: lan[0].networks[1].dhcpRelay.server: 10.1.2.53: expected one outside"
                                + " this network, where no relay is needed"),
                withRelay(
                        "10.1.0.1",
                        "14: lan[0].networks[1].dhcpRelay.server: 10.1.0.1: expected no gateway"
                                + " address: there the relay listens"),
                withRelay(
                        "\"fd00:2::53\"",
                        "14: lan[0].networks[1].dhcpRelay.server: fd00:2::53: expected an IPv4"
                                + " address"),
                site(
                        "gateways: [10.1.2.1/24]",
                        "gateways: [\"fd00:7::1/64\"], dhcpRelay: {server: 10.2.0.53}",
                        "14: lan[0].networks[1].gateways: expected an IPv4 gateway, since there is"
                                + " a dhcpRelay"),
                site("port: 20060", "port: 0", "5: links[0].port: 0: expected 1..65535"),
                site("port: 20060", "port: 65536", "5: links[0].port: 65536: expected 1..65535"),
                site("port: 20060", "port:", "5: links[0].port: nothing: expected 1..65535"),
                site(
                        "port: 20060",
                        "port: 20060, precedence: 4",
                        "5: links[0].precedence: 4: expected 1..3"),
                site(
                        "port: 20060",
                        "port: 20060, mtu: 20",
                        "5: links[0].mtu: 20: expected 576..65535"),
                site(
                        "port: 20060",
                        "port: 20060, bandwidth: {up: 20M}",
                        "5: links[0].bandwidth.up: 20M: expected a bandwidth of 100kbit to"
                                + " 100Gbit, such as 20Mbit"),
                site(
                        "port: 20060",
                        "port: 20060, bandwidth: {up: 99kbit}",
                        "5: links[0].bandwidth.up: 99kbit: expected a bandwidth of 100kbit to"
                                + " 100Gbit, such as 20Mbit"),
                site(
                        "name: berlin",
                        "name: 1001",
                        "1: site.name: 1001: expected a name (1 to 63 letters, digits or . _ -)"),
                site(
                        "name: berlin",
                        "name: \"a\\u0007b\"",
                        "1: site.name: a?b: expected a name (1 to 63 letters, digits or . _ -)"),
                site(
                        "device: wan0",
                        "device: a-device-name-too-long",
                        "5: links[0].device: a-device-name-too-long: expected a network device's"
                                + " name (1 to 15 letters, digits or . _ -)"),
                site(
                        "203.0.113.10",
                        "203.0.113.300",
                        "3: pops[0].address: 203.0.113.300: expected a unicast IPv4 or IPv6"
                                + " address"),
                site(
                        "203.0.113.10",
                        "pop.example.net",
                        "3: pops[0].address: pop.example.net: expected a unicast IPv4 or IPv6"
                                + " address"),
                site(
                        "203.0.113.10",
                        "224.0.0.1",
                        "3: pops[0].address: 224.0.0.1: expected a unicast IPv4 or IPv6 address"),
                site(
                        "203.0.113.10}",
                        "203.0.113.10}\n  - {name: paris, address: 203.0.113.10}",
                        "4: pops[1].address: 203.0.113.10: expected another value than"
                                + " pops[0].address has"),
                site(
                        "203.0.113.10}",
                        "203.0.113.10}\n  - {name: paris, address: \"2001:db8::1\"}",
                        "4: pops[1].address: 2001:db8:0:0:0:0:0:1: expected the address family of"
                                + " pops[0]"),
                site(
                        "203.0.113.10}",
                        "203.0.113.10, alternatePort: 443}",
                        "3: pops[0].alternatePort: 443: expected another port than tunnelPort"),
                site(
                        "account: acme",
                        "account: acme, region: mars",
                        "1: site.region: mars: expected one of world, china"),
                append("preferredPopRetry: 5s", "17: preferredPopRetry: 5s: expected at least 10s"),
                site(
                        "[10.1.2.1/24]",
                        "[10.1.2.0/24]",
                        "14: lan[0].networks[1].gateways[0]: 10.1.2.0/24: expected a host's address"
                                + " with prefix length, such as 10.1.0.1/24"),
                site(
                        "[10.1.2.1/24]",
                        "[10.1.2.1/33]",
                        "14: lan[0].networks[1].gateways[0]: 10.1.2.1/33: expected a host's address"
                                + " with prefix length, such as 10.1.0.1/24"),
                site(
                        "[10.1.2.1/24]",
                        "[]",
                        "14: lan[0].networks[1].gateways: a list of 0: expected a list of 1 to 16"),
                site(
                        "10.1.9.0/24,",
                        "10.1.9.1/24,",
                        "16: lan[0].routes[0].prefix: 10.1.9.1/24: expected a prefix without host"
                                + " bits, such as 10.1.0.0/16"),
                append(
                        "probe: {interval: 100}",
                        "17: probe.interval: 100: expected a duration such as 100ms, 8s, 30m or"
                                + " 1h"),
                append("probe: 100ms", "17: probe: 100ms: expected a mapping with interval"),
                append(
                        "hostPort: {enabled: yes}",
                        "17: hostPort.enabled: yes: expected true or false"),
                append(
                        "dataPlane: {cipher: aes}",
                        "17: dataPlane.cipher: aes: expected one of auto, ipsec-mb, openssl, jce"),
                append(
                        "dataPlane: {threads: many}",
                        "17: dataPlane.threads: many: expected one of auto, shared, dedicated"),
                append(
                        "dataPlane: {threads: dedicated, wanThreads: 3}",
                        "17: dataPlane.wanThreads: 3: expected one of 1, 2, 4, 8, 16"),
                append(
                        "dataPlane: {wanThreads: 2}",
                        "17: dataPlane.wanThreads: 2: expected 1, or dataPlane.threads: dedicated"),
                append(
                        "dataPlane: {threads: dedicated, wanThreads: 16}",
                        "17: dataPlane.poolSlots: 512: expected at least 1024 for 0 port threads"
                                + " and 16 WAN threads"),
                append(
                        "dataPlane: {portThreads: 2}",
                        "17: dataPlane.portThreads: 2: expected 0, or dataPlane.threads:"
                                + " dedicated"),
                append(
                        "dataPlane: {threads: dedicated, portThreads: 8}",
                        "17: dataPlane.poolSlots: 512: expected at least 683 for 8 port threads and"
                                + " 1 WAN threads"),
                append(
                        "dataPlane: {flowsPerHost: -1}",
                        "17: dataPlane.flowsPerHost: -1: expected 0..16000000"),
                append("dataPlane: {spinUs: 1001}", "17: dataPlane.spinUs: 1001: expected 0..1000"),
                append(
                        "metrics: {}",
                        "17: metrics.listen: missing, expected an address of this machine and a"
                                + " port, such as 127.0.0.1:9464 or [::1]:9464"),
                withMetrics("9464"),
                withMetrics("127.0.0.1"),
                withMetrics("127.0.0.1:0"),
                withMetrics("127.0.0.1:65536"),
                withMetrics("localhost:9464"),
                withMetrics("0.0.0.0:9464"), // the WAN's addresses, too
                withMetrics("[::]:9464"),
                withMetrics("::1:9464"),
                withMetrics("[127.0.0.1]:9464"),
                append(
                        "notices: {}",
                        "17: notices: expected webhooks or syslog: nobody would be told"),
                withWebhook(
                        "url: ftp://a.example/",
                        "url: ftp://a.example/: expected a URL such as"
                                + " https://alerts.example.net/hook"),
                withWebhook(
                        "url: \"https://me:pw@a.example/\"",
                        "url: https://me:pw@a.example/: expected a URL such as"
                                + " https://alerts.example.net/hook"),
                withWebhook(
                        "url: \"http://a.example/\", trust: /etc/ca.pem",
                        "trust: /etc/ca.pem: expected none with http"),
                append(
                        "notices: {syslog: [{name: a, server: \"a b\"}]}",
                        "17: notices.syslog[0].server: a b: expected a host name or an address"),
                append(
                        "notices: {syslog: [{name: a, server: b}, {name: a, server: c}]}",
                        "17: notices.syslog[1].name: a: expected another value than"
                                + " notices.syslog[0].name has"),
                append("state: var/lib", "17: state: var/lib: expected an absolute path"),
                append("keyLog:", "17: keyLog: nothing: expected an absolute path"),
                // missing, unknown and repeated keys
                site("id: 1001, ", "", "1: site.id: missing, expected 1..18446744073709551615"),
                site(
                        "device: wan0, ",
                        "",
                        "5: links[0].device: missing, expected a network device's name"
                                + " (1 to 15 letters, digits or . _ -)"),
                append(
                        "recovry: {enabled: false}",
                        "17: recovry: unknown key, did you mean recovery?"),
                site(
                        "account: acme",
                        "account: acme, colour: red",
                        "1: site.colour: unknown key, expected one of id, name, account, region"),
                site(
                        "port: 20060",
                        "port: 20060, port: 20061",
                        "5: links[0].port: given twice, first in line 5"),
                append("links: []", "17: links: given twice, first in line 4"),
                // between values
                site(
                        "name: wan2",
                        "name: wan1",
                        "6: links[1].name: wan1: expected another value than links[0].name has"),
                site(
                        "device: wan1",
                        "device: wan0",
                        "6: links[1].device: wan0: expected another value than links[0].device"
                                + " has"),
                site(
                        "port: spw-lan",
                        "port: wan0",
                        "8: lan[0].port: wan0: expected another value than links[0].device has"),
                site(
                        "bridge: br-lan",
                        "bridge: spw-lan",
                        "9: lan[0].bridge: spw-lan: expected another value than lan[0].port has"),
                append(
                        "hostPort: {device: spw-lan}",
                        "17: hostPort.device: spw-lan: expected another value than lan[0].port"
                                + " has"),
                site(
                        "vlan: 20",
                        "vlan: 0",
                        "14: lan[0].networks[1].vlan: 0: expected another value than"
                                + " lan[0].networks[0].vlan has"),
                site(
                        "[10.1.2.1/24]",
                        "[10.1.0.2/16]",
                        "14: lan[0].networks[1].gateways[0]: 10.1.0.2/16: expected a network of its"
                                + " own, overlaps with 10.1.0.1/24 of lan[0].networks[0].gateways[0]"),
                site(
                        "vlan: 20,",
                        "vlan: 20, routerAdvertisements: true,",
                        "14: lan[0].networks[1].routerAdvertisements: true: expected false, or an"
                                + " IPv6 gateway with /64 among the gateways"),
                site(
                        "via: 10.1.0.254",
                        "via: 10.7.0.1",
                        "16: lan[0].routes[0].via: 10.7.0.1: expected a neighbour in one of"
                                + " spw-lan's networks [10.1.0.1/24, fd00:1::1/64,"
                                + " 10.1.2.1/24]"),
                site(
                        "via: 10.1.0.254",
                        "via: 'fd00:1::7'",
                        "16: lan[0].routes[0].via: fd00:1::7: expected the address family"
                                + " of 10.1.9.0/24"),
                append("probe: {interval: 1ms}", "17: probe.interval: 1ms: expected 10ms..300ms"),
                append("pmtu: {raiseInterval: 0s}", "17: pmtu.raiseInterval: 0ms: expected 1s..1h"),
                append(
                        "recovery: {freeze: false, liveRoutes: true}",
                        "17: recovery.liveRoutes: true: expected false, or recovery.freeze"),
                append(
                        "recovery: {returnBackoff: {first: 8s, max: 4s}}",
                        "17: recovery.returnBackoff.max: 4s: expected at least 8s, which is"
                                + " recovery.returnBackoff.first"),
                // not YAML of ours
                append(
                        "probe: &p {interval: 100ms}",
                        "17: probe: expected the value itself, not an anchor (&) or an alias (*)"),
                append(
                        "probe: *p",
                        "17: probe: expected the value itself, not an anchor (&) or an alias (*)"),
                site(
                        "port: 20060}",
                        "port: 20060, offCloud: {publicStaticPort: 4435}}",
                        "5: links[0].offCloud.publicStaticPort: 4435: expected publicIp beside it"),
                site(
                        "port: 20060}",
                        "port: 20060, offCloud: {publicIp: 192.0.2.1}}",
                        "5: links[0].offCloud.publicIp: 192.0.2.1: expected publicStaticPort"
                                + " beside it"),
                site(
                        "port: 20060}",
                        "port: 20060, offCloud: {publicIp: \"2001:db8::1\", publicStaticPort: 1}}",
                        "5: links[0].offCloud.publicIp: 2001:db8:0:0:0:0:0:1: expected the PoP's"
                                + " address family"),
                // R153: two links behind one public address with one static port
                site(
                        "port: 20060}\n  - {name: wan2, device: wan1, port: 20068}",
                        "port: 20060, offCloud: {publicIp: 192.0.2.1, publicStaticPort: 4435}}\n"
                                + "  - {name: wan2, device: wan1, port: 20068,"
                                + " offCloud: {publicIp: 192.0.2.1, publicStaticPort: 4435}}",
                        "6: links[1].offCloud.publicStaticPort: 192.0.2.1 port 4435: expected"
                                + " another port than links[0].offCloud has: links behind one"
                                + " public address need one each"),
                append(
                        "internet: {recovery: true}\nhostPort: {enabled: false}",
                        "17: internet.recovery: true: expected false, or hostPort.enabled"),
                site(
                        "10.1.9.0/24, via: 10.1.0.254}",
                        "0.0.0.0/0, via: 10.1.0.254}\ninternet: {}",
                        "16: lan[0].routes[0].prefix: 0.0.0.0/0: expected none beside internet"),
                site(
                        "vlan: 20,",
                        "vlan: 20, wan: internet-only,",
                        "14: lan[0].networks[1].wan: internet-only: expected the key internet"
                                + " beside lan"),
                append("---\nsite: {}", "18: a second document"));
    }

    @ParameterizedTest
    @MethodSource("siteMistakes")
    void shouldSayWhatIsWrongInSiteFile(String text, String expected) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigFile.SITE.parse("site.yaml", text));

        assertEquals("site.yaml:" + expected, refused.getMessage());
    }

    static Stream<Arguments> popMistakes() {
        return Stream.of(
                pop(
                        "device: eth0",
                        "device: eth0, tunelPort: 443",
                        "2: listen.tunelPort: unknown key, did you mean tunnelPort?"),
                pop(
                        "account: acme",
                        "acount: acme",
                        "1: pop.account: missing, expected a name (1 to 63 letters, digits or . _"
                                + " -)\n"
                                + "pop.yaml:1: pop.acount: unknown key, did you mean account?"),
                pop(
                        "listen:",
                        "pmtu: {raiseInterval: 2h}\nlisten:",
                        "2: pmtu.raiseInterval: 2h: expected 1s..1h"),
                pop(
                        "listen:",
                        "internet: {device: eth1, publicIp: \"2001:db8::1\"}\nlisten:",
                        "2: internet.publicIp: 2001:db8:0:0:0:0:0:1: expected an IPv4 address"),
                pop(
                        "listen:",
                        "metrics: {listen: 127.0.0.1:9464, port: 1}\nlisten:",
                        "2: metrics.port: unknown key, expected one of listen"),
                withApi(
                        "listen: \"127.0.0.1:8080\", port: 1",
                        "port: unknown key, expected one of listen, certificate, key, store"),
                withApi(
                        "listen: \"203.0.113.10:8443\"",
                        "listen: 203.0.113.10:8443: expected an address of the loopback, or"
                                + " certificate and key"),
                withApi(
                        "listen: \"127.0.0.1:8443\", key: /k.pem",
                        "certificate: missing, expected an absolute path, as there is a key"),
                withApi(
                        "listen: \"127.0.0.1:8443\", certificate: /c.pem",
                        "key: missing, expected an absolute path, as there is a certificate"),
                pop(
                        "listen:",
                        "endOfStateTimeout: 1h\nlisten:",
                        "2: endOfStateTimeout: 1h: expected 1ms..10m"),
                pop(
                        "listen:",
                        "dataPlane: {threads: shared, wanThreads: 4}\nlisten:",
                        "2: dataPlane.wanThreads: 4: expected 1, or dataPlane.threads: dedicated"),
                pop(
                        "listen:",
                        "dataPlane: {threads: dedicated, portThreads: 1}\nlisten:",
                        "2: dataPlane.portThreads: 1: a PoP has no LAN ports"),
                pop(
                        "listen:",
                        "dataPlane: {flowsPerHost: 100}\nlisten:",
                        "2: dataPlane.flowsPerHost: 100: a PoP has no LAN ports"),
                pop(
                        "listen: {address: 203.0.113.10, device: eth0}",
                        "",
                        "1: listen: missing, expected a mapping with address, device, tunnelPort,"
                                + " alternatePort, channelPort, mtu"),
                pop(
                        "device: eth0",
                        "device: eth0, alternatePort: 443",
                        "2: listen.alternatePort: 443: expected another port than tunnelPort"),
                pop(
                        "listen:",
                        "nodes: [{name: frankfurt, address: 203.0.113.14}]\nlisten:",
                        "2: nodes[0].name: frankfurt: expected a node not named yet"),
                pop(
                        "listen:",
                        "nodes: [{name: paris, address: \"2001:db8::1\"}]\nlisten:",
                        "2: nodes[0].address: 2001:db8:0:0:0:0:0:1: expected the address family of"
                                + " listen.address"));
    }

    @ParameterizedTest
    @MethodSource("popMistakes")
    void shouldSayWhatIsWrongInPopFile(String text, String expected) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigFile.POP.parse("pop.yaml", text));

        assertEquals("pop.yaml:" + expected, refused.getMessage());
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", "1: is empty; expected a mapping (key: value)"),
                Arguments.of("# nothing\n", "1: is empty; expected a mapping (key: value)"),
                Arguments.of("site", "1: site: expected a mapping (key: value)"),
                Arguments.of("- site", "1: a list of 1: expected a mapping (key: value)"),
                Arguments.of("site:\n\tid: 1", "2: a tab in the indentation; expected spaces"),
                Arguments.of("site: {id: 1\nlan]", "2: not YAML: expected ',' or '}', but got ]"),
                Arguments.of("a: 'x\nb: 1", "2: not YAML: found unexpected end of stream"),
                Arguments.of("a: b: c", "1: not YAML: mapping values are not allowed here"),
                Arguments.of(
                        "site:\n  id: 1\n bad: 2",
                        "3: not YAML: expected <block end>, but found '<block mapping start>'"),
                Arguments.of(
                        "? [a]: b",
                        "1: not YAML: Expected a property name (Scalar value in YAML), got this"
                                + " instead: +MAP"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void shouldRefuseWhatIsNoMapping(String text, String expected) {
        ConfigException refused =
                assertThrows(
                        ConfigException.class,
                        () ->
                                ConfigFile.SITE.parse(
                                        "f",
                                        ConfigText.decode(
                                                "f", text.getBytes(StandardCharsets.UTF_8))));

        assertEquals("f:" + expected, refused.getMessage().lines().findFirst().orElseThrow());
    }

    @Test
    void shouldRefuseBytesThatAreNoText() {
        byte[] bytes = "site: {}\nname: \u00e9".getBytes(StandardCharsets.ISO_8859_1);

        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigText.decode("f", bytes));

        assertEquals("f:2: not UTF-8 text", refused.getMessage());
    }

    @Test
    void shouldNameAllMistakesAtOnceInOrderOfLines() {
        String text =
                SITE.replace("id: 1001", "id: 0")
                        .replace("vlan: 20", "vlan: 5000")
                        .replace("203.0.113.10", "nowhere");

        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigFile.SITE.parse("site.yaml", text));

        assertEquals(
                """
                site.yaml:1: site.id: 0: expected 1..18446744073709551615
                site.yaml:3: pops[0].address: nowhere: expected a unicast IPv4 or IPv6 address
                site.yaml:14: lan[0].networks[1].vlan: 5000: expected 0..4094\
                """,
                refused.getMessage());
        assertEquals(3, refused.mistakes().size());
    }

    private static Arguments withMetrics(String listen) {
        return append(
                "metrics: {listen: \"" + listen + "\"}",
                "17: metrics.listen: "
                        + listen
                        + ": expected an address of this machine and a port, such as"
                        + " 127.0.0.1:9464 or [::1]:9464");
    }

    private static Arguments withWebhook(String setting, String mistake) {
        return append(
                "notices: {webhooks: [{name: noc, " + setting + "}]}",
                "17: notices.webhooks[0]." + mistake);
    }

    private static Arguments withApi(String settings, String mistake) {
        return pop("listen:", "api: {" + settings + "}\nlisten:", "2: api." + mistake);
    }

    private static Arguments withDns(String setting, String mistake) {
        return site("lan:\n  -", "dns: {" + setting + "}\nlan:\n  -", mistake);
    }

    private static Arguments withRelay(String server, String mistake) {
        String gateways = "gateways: [10.1.2.1/24]";
        return site(gateways, gateways + ", dhcpRelay: {server: " + server + "}", mistake);
    }

    private static Arguments site(String good, String bad, String expected) {
        return Arguments.of(replace(SITE, good, bad), expected);
    }

    private static Arguments append(String line, String expected) {
        return Arguments.of(SITE + line + "\n", expected);
    }

    private static Arguments pop(String good, String bad, String expected) {
        return Arguments.of(replace(POP, good, bad), expected);
    }

    private static String replace(String text, String good, String bad) {
        if (!text.contains(good)) {
            throw new IllegalArgumentException(good);
        }
        return text.replace(good, bad);
    }
}
