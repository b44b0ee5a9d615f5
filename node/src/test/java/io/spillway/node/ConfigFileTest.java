package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.notify.NoticeKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    private static final String FULL_SITE =
            """
            site: {id: 18446744073709551615, name: berlin, account: acme}
            identity: /var/lib/spillway/identity
            state: /var/lib/spillway/state
            commandSocket: /run/spillway/site.sock
            pops: [{name: frankfurt, address: 203.0.113.10, tunnelPort: 443, channelPort: 8443}]
            links:
              - name: wan1
                device: wan0
                address: 198.51.100.2
                port: 20060
                precedence: 2
                mtu: 1500
                bandwidth: {up: 20Mbit}
                offCloud: {enabled: false, publicIp: 192.0.2.9, publicStaticPort: 4435}
            lan:
              - port: spw-lan
                bridge: br-lan
                networks:
                  - name: office
                    vlan: 0
                    gateways: [10.1.0.1/24, "fd00:1::1/64"]
                    routerAdvertisements: true
                routes: [{prefix: 10.1.9.0/24, via: 10.1.0.254}]
            hostPort: {enabled: true, device: spw-host}
            probe: {interval: 100ms}
            recovery: {enabled: true, freeze: true, returnBackoff: {first: 8s, max: 1024s, stableReset: 1024s}}
            dataPlane: {cipher: auto, loop: auto, poolSlots: 512}
            keyLog: /tmp/keys
            """;

    private static final String SMALL_SITE =
            """
            site: {id: 7, name: berlin, account: acme}
            pops: [{name: frankfurt, address: 203.0.113.10}]
            links: [{name: wan1, device: wan0, port: 20060}]
            lan: [{port: spw-lan, networks: [{name: office, gateways: [10.1.0.1/24]}]}]
            """;

    private static final String SMALL_POP =
            """
            pop: {name: frankfurt, account: acme}
            listen: {address: 203.0.113.10, device: eth0}
            """;

    @TempDir Path directory;

    @Test
    void shouldReadEveryKeyOfSite() throws Exception {
        SiteConfig config = SiteConfig.read(file("site.yaml", FULL_SITE));

        assertEquals("18446744073709551615", Long.toUnsignedString(config.site().id()));
        assertEquals(8443, config.pops().getFirst().channelPort());
        assertEquals(
                new SiteConfig.Link(
                        "wan1",
                        "internet",
                        "wan0",
                        InetAddress.ofLiteral("198.51.100.2"),
                        20060,
                        2,
                        1500,
                        new SiteConfig.LinkBandwidth(new Bandwidth(20_000_000)),
                        new SiteConfig.OffCloud(false, InetAddress.ofLiteral("192.0.2.9"), 4435)),
                config.links().getFirst());
        SiteConfig.LanPort port = config.lan().getFirst();
        assertEquals("br-lan", port.bridge());
        assertEquals("10.1.9.0/24", port.routes().getFirst().prefix().toString());
        SiteConfig.Network network = port.networks().getFirst();
        assertEquals(InterfaceAddress.parse("fd00:1::1/64"), network.gateways().getLast());
        assertTrue(network.routerAdvertisements());
        assertEquals(Path.of("/tmp/keys"), config.keyLog());
    }

    @Test
    void shouldReadSeveralKindsOfLinks() throws Exception {
        String links =
                """
                links:
                  - {name: wan1, device: wan0, port: 20060}
                  - {name: mpls, role: alt-wan, device: mpls0}
                recovery: {linkChoice: best}
                linkQuality: {lossPercent: 5, jitter: 50ms, latency: 1s}
                offCloud: {maxLinks: 2}
                """;
        String one = "links: [{name: wan1, device: wan0, port: 20060}]\n";
        SiteConfig config = SiteConfig.read(file("site.yaml", SMALL_SITE.replace(one, links)));

        assertTrue(config.links().getLast().isAltWan());
        assertEquals(20049, config.links().getLast().port());
        assertEquals("best", config.recovery().linkChoice());
        var floor = new SiteConfig.LinkQuality(5, Duration.ofMillis(50), Duration.ofSeconds(1));
        assertEquals(floor, config.linkQuality());
        assertEquals(2, config.offCloud().maxLinks());
    }

    @Test
    void shouldReadWhatReachesTheInternet() throws Exception {
        String more = "internet: {}\n";
        String guests = "[10.1.0.1/24], wan: internet-only}";
        String text = SMALL_SITE.replace("[10.1.0.1/24]}", guests) + more;
        SiteConfig site = SiteConfig.read(file("site.yaml", text));
        String key = "internet: {device: eth1, publicIp: 192.0.2.9, resolver: 10.254.254.1}\n";
        PopConfig pop = PopConfig.read(file("pop.yaml", SMALL_POP + key));

        assertTrue(site.internet().recovery());
        assertTrue(site.networks().allMatch(SiteConfig.Network::isInternetOnly));
        var there =
                new PopConfig.Internet(
                        "eth1",
                        InetAddress.ofLiteral("192.0.2.9"),
                        InetAddress.ofLiteral("10.254.254.1"));
        assertEquals(there, pop.internet());
    }

    @Test
    void shouldReadWhereFiguresAreAskedFor() throws Exception {
        String ipv4 = SMALL_SITE + "metrics: {listen: 127.0.0.1:9464}\n";
        String ipv6 = SMALL_POP + "metrics: {listen: \"[fd00::7]:80\"}\n";
        SiteConfig site = SiteConfig.read(file("site.yaml", ipv4));
        PopConfig pop = PopConfig.read(file("pop.yaml", ipv6));

        assertEquals(new InetSocketAddress("127.0.0.1", 9464), site.metrics().listen());
        assertEquals(new InetSocketAddress("fd00::7", 80), pop.metrics().listen());
    }

    @Test
    void shouldReadWhoIsToldWhatHappens() throws Exception {
        String text =
                """
                notices:
                  webhooks: [{name: noc, url: "https://noc.example/hook?a=b"}]
                  syslog: [{name: siem, server: "2001:db8::9"}]
                """;
        SiteConfig site = SiteConfig.read(file("site.yaml", SMALL_SITE + text));
        PopConfig pop = PopConfig.read(file("pop.yaml", SMALL_POP + text));

        URI url = URI.create("https://noc.example/hook?a=b");
        NoticesConfig expected =
                new NoticesConfig(
                        NoticeKind.USUAL.stream().map(NoticeKind::label).toList(),
                        List.of(new NoticesConfig.Webhook("noc", url, null, null)),
                        List.of(new NoticesConfig.Syslog("siem", "2001:db8::9", 6514, null)));
        assertEquals(expected, site.notices());
        assertEquals(expected, pop.notices());
    }

    @Test
    void shouldGiveLeftOutKeysTheirDefaults() throws Exception {
        SiteConfig config = SiteConfig.read(file("site.yaml", SMALL_SITE));

        assertEquals(Path.of("/run/spillway/site.sock"), config.commandSocket());
        assertEquals(Path.of("/var/lib/spillway/identity"), config.identity());
        assertEquals(443, config.pops().getFirst().tunnelPort());
        SiteConfig.Link link = config.links().getFirst();
        assertNull(link.address());
        assertEquals(1, link.precedence());
        assertEquals(0, link.mtu());
        assertEquals(new SiteConfig.OffCloud(null, null, 0), link.offCloud());
        assertEquals(1337, config.pops().getFirst().alternatePort());
        assertEquals(Duration.ofMinutes(60), config.preferredPopRetry());
        assertEquals("world", config.site().region());
        assertNull(config.lan().getFirst().bridge());
        assertEquals(List.of(), config.lan().getFirst().routes());
        assertEquals(new SiteConfig.HostPort(true, "spw-host"), config.hostPort());
        assertNull(config.internet());
        assertEquals("all", config.lan().getFirst().networks().getFirst().wan());
        assertEquals(Duration.ofMillis(100), config.probe().interval());
        assertEquals(Duration.ofMinutes(10), config.pmtu().raiseInterval());
        assertEquals("internet", link.role());
        assertEquals("random", config.recovery().linkChoice());
        assertEquals(4, config.offCloud().maxLinks());
        var floor = new SiteConfig.LinkQuality(3, Duration.ofMillis(30), Duration.ofMillis(600));
        assertEquals(floor, config.linkQuality());
        SiteConfig.ReturnBackoff backoff = config.recovery().returnBackoff();
        assertEquals(Duration.ofSeconds(8), backoff.first());
        assertEquals(Duration.ofSeconds(1024), backoff.stableReset());
        assertEquals(
                new DataPlaneConfig("auto", "auto", 512, 65_536, null, "auto", 0, 1, 100),
                config.dataPlane());
        assertEquals(16_384, config.dataPlane().sizes().flowsPerHost());
        assertNull(config.metrics());
        assertNull(config.notices());
        assertNull(config.keyLog());
    }

    @Test
    void shouldReadPop() throws Exception {
        PopConfig config = PopConfig.read(file("pop.yaml", SMALL_POP));

        assertEquals(
                new PopConfig.Listen(
                        InetAddress.ofLiteral("203.0.113.10"), "eth0", 443, 1337, 443, 0),
                config.listen());
        assertEquals(Duration.ofSeconds(30), config.endOfStateTimeout());
        assertEquals(Path.of("/run/spillway/pop.sock"), config.commandSocket());
        assertNull(config.authority());
        assertEquals(List.of(), config.nodes());
        assertNull(config.innerAddress());
    }

    @Test
    void shouldTellTheKindOfFileByItsContent() throws Exception {
        assertInstanceOf(SiteConfig.class, ConfigFile.readAny(file("a", SMALL_SITE)));
        assertInstanceOf(PopConfig.class, ConfigFile.readAny(file("b", SMALL_POP)));

        Path neither = file("c", "sites: 1\n");
        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigFile.readAny(neither));
        assertEquals(
                neither + ":1: expected the key site (an appliance) or pop, found neither",
                refused.getMessage());
    }

    @Test
    void shouldRefuseWhatCannotBeRead() throws Exception {
        Path secret = file("secret", SMALL_SITE);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));

        assertEquals(":1: no such file", refusal(directory.resolve("none")));
        assertEquals(":1: is a directory; expected a YAML file", refusal(directory));
        if (!Files.isReadable(secret)) { // root reads everything
            assertEquals(":1: no permission to read it", refusal(secret));
        }
    }

    @Test
    void shouldRefuseHugeFileWithoutReadingItWhole() throws Exception {
        assertEquals(":1: expected at most 1048576 bytes", refusal(Path.of("/dev/zero")));
    }

    @Test
    void shouldDropByteOrderMark() throws Exception {
        SiteConfig config = SiteConfig.read(file("site.yaml", "\uFEFF" + SMALL_SITE));

        assertEquals("berlin", config.site().name());
    }

    private static String refusal(Path file) {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> ConfigFile.readAny(file));
        return refused.getMessage().substring(file.toString().length());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }
}
