package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.spillway.crypto.Identity;
import io.spillway.node.SiteConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

final class LabConfigTest {
    private static final List<LabSite> SITES = LabSite.first(3);
    private static final LabSite LONDON = SITES.get(1);
    private static final LabOptions OPTIONS =
            new LabOptions(
                    3,
                    1,
                    List.of(CutKind.DROP),
                    null,
                    null,
                    null,
                    false,
                    true,
                    false,
                    true,
                    0,
                    Duration.ofMinutes(1),
                    null,
                    1);

    @TempDir Path directory;
    private LabConfig config;

    @BeforeEach
    void makeAccount() throws Exception {
        config = config(directory, Setting.ORDINARY);
    }

    private static LabConfig config(Path directory, Setting setting) throws Exception {
        return new LabConfig(directory, OPTIONS, setting, new LabNetwork(SITES, setting.shape()));
    }

    @Test
    void shouldTellTheFirstSiteHowNarrowItsLineIs() throws Exception {
        LabConfig narrow = config(directory.resolve("narrow"), Setting.NARROW);
        narrow.site(SITES.getFirst());
        narrow.site(LONDON);

        Path berlin = directory.resolve("narrow/berlin/site.yaml");
        Path london = directory.resolve("narrow/london/site.yaml");
        assertEquals(19_000_000, SiteConfig.read(berlin).links().getFirst().shapedTo());
        assertEquals(0, SiteConfig.read(london).links().getFirst().shapedTo());
    }

    @Test
    void shouldTellASiteBehindAForwardedPortOfIt() throws Exception {
        Setting setting = Setting.behind(NatKind.RANDOM, NatKind.STATIC_FORWARD);
        config(directory.resolve("other"), setting).site(LONDON);

        JsonNode link = read("other/london/site.yaml").at("/links/0");
        assertEquals("198.51.100.6", link.at("/offCloud/publicIp").asString());
        assertEquals(4435, link.at("/offCloud/publicStaticPort").asInt());
        SiteConfig.read(directory.resolve("other/london/site.yaml"));
    }

    @Test
    void shouldTellSitesOfNameServersAndLeases() throws Exception {
        LabConfig names = config(directory.resolve("other"), Setting.WITH_NAMES);
        for (LabSite site : SITES) {
            names.site(site);
            SiteConfig.read(directory.resolve("other/" + site.name() + "/site.yaml"));
        }

        JsonNode berlin = read("other/berlin/site.yaml");
        assertEquals("10.2.0.53", berlin.at("/dns/zones/0/servers/0").asString());
        assertEquals("10.2.0.53", berlin.at("/lan/0/networks/0/dhcpRelay/server").asString());
        JsonNode madrid = read("other/madrid/site.yaml");
        assertEquals("10.254.254.1/32", madrid.at("/lan/0/routes/0/prefix").asString());
    }

    @Test
    void shouldWriteASitesConfigurationAndIdentity() throws Exception {
        config.site(LONDON);

        JsonNode site = read("london/site.yaml");
        assertEquals(1002, site.at("/site/id").asInt());
        assertEquals("wan0", site.at("/links/0/device").asString());
        assertEquals("10.2.0.1/24", site.at("/lan/0/networks/0/gateways/0").asString());
        assertEquals("fd00:2::1/64", site.at("/lan/0/networks/0/gateways/1").asString());
        assertEquals("203.0.113.10", site.at("/pops/0/address").asString());
        assertEquals(true, site.at("/recovery/enabled").asBoolean());
        assertFalse(site.at("/recovery/freeze").asBoolean(true));
        assertEquals("spillway://lab/site/1002", name(site));
    }

    @Test
    void shouldSwitchRecoveryOffAtTheLastSiteAlone() throws Exception {
        Path other = directory.resolve("other");
        LabConfig disabling = config(other, Setting.WITH_DISABLED_SITE);
        for (LabSite site : SITES) {
            disabling.site(site);
        }

        for (String name : List.of("berlin", "london", "madrid")) {
            boolean isEnabled =
                    read("other/" + name + "/site.yaml").at("/recovery/enabled").asBoolean();
            assertEquals(!name.equals("madrid"), isEnabled, name);
        }
    }

    @Test
    void shouldGiveAFlappingPopsSitesLongerWaits() throws Exception {
        config(directory.resolve("other"), Setting.FLAPPING).site(LONDON);

        JsonNode site = read("other/london/site.yaml");
        assertEquals("8s", site.at("/recovery/returnBackoff/max").asString());
    }

    @Test
    void shouldWriteThePopsConfigurationAndIdentity() throws Exception {
        config.pop(LabPop.ONE.getFirst());

        JsonNode pop = read("frankfurt/pop.yaml");
        assertEquals("frankfurt", pop.at("/pop/name").asString());
        assertEquals("eth0", pop.at("/listen/device").asString());
        assertEquals("spillway://lab/pop/frankfurt", name(pop));
    }

    @Test
    void shouldCutInEqualPartsOfAllWays() {
        List<CutKind> ways = List.of(CutKind.values());
        LabOptions options =
                new LabOptions(
                        3,
                        20,
                        ways,
                        null,
                        null,
                        null,
                        false,
                        true,
                        true,
                        true,
                        40,
                        Duration.ofMinutes(1),
                        null,
                        1);
        int[] counts = new int[ways.size()];
        for (int i = 0; i < options.cuts(); i++) {
            counts[options.way(i).ordinal()]++;
        }
        assertArrayEquals(new int[] {5, 5, 5, 5}, counts);
    }

    private JsonNode read(String file) {
        return new YAMLMapper().readTree(directory.resolve(file).toFile());
    }

    private static String name(JsonNode config) throws Exception {
        Path identity = Path.of(config.path("identity").asString());
        return Identity.load(identity, InstantSource.system()).name().uri();
    }
}
