package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.node.ConfigException;
import io.spillway.node.SiteConfig;
import io.spillway.node.metrics.Figures;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.policy.RuleSites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sites in a policy, which come and go, and say their names themselves. */
class SiteFirewallTest {
    private static final String POLICY =
            """
            policy:
              rules: []
              wanRules:
                - {name: backups, to: [site paris], transport: off-cloud}
                - {name: calls, to: [site 1003], transport: alt-wan}
            """;
    private static final RuleSites.Known PARIS = new RuleSites.Known(1002, "paris");
    private static final RuleSites.Known ROME = new RuleSites.Known(1003, "rome");

    @TempDir private Path directory;
    private final DataPlane dataPlane =
            new DataPlane(4, 1, List.of(), List.of(), SystemNanoClock.INSTANCE);
    private Path file;
    private SiteFirewall firewall;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(directory.resolve("policy.yaml"), POLICY);
        firewall =
                new SiteFirewall(
                        new SiteConfig.LanFirewall(file, "open"),
                        List.of(),
                        dataPlane.commands(),
                        RuleCounts.open(directory));
    }

    @AfterEach
    void close() {
        dataPlane.close();
    }

    private static KnownSites told(RuleSites.Known... sites) {
        return new KnownSites(true, List.of(sites));
    }

    private String unknown() {
        return firewall.answer(null).path("unknownSites").toString();
    }

    private List<Boolean> reachesASite() {
        List<Boolean> reaches = new ArrayList<>();
        firewall.inForce()
                .wan()
                .rules()
                .forEach(rule -> reaches.add(!rule.scope().destination().sites().isEmpty()));
        return reaches;
    }

    @Test
    void shouldStartWithoutDirectoryAndFollowSitesThatCome() throws ConfigException {
        firewall.start(KnownSites.NONE);
        LanPolicy first = firewall.inForce();
        assertEquals("[\"1003\",\"paris\"]", unknown());
        assertEquals(List.of(false, false), reachesASite());

        firewall.onSites(told(PARIS));

        assertEquals("[\"1003\"]", unknown());
        assertEquals(List.of(true, false), reachesASite());
        firewall.onSites(told(PARIS, ROME));
        assertEquals("[]", unknown());
        assertEquals(List.of(true, true), reachesASite());
        assertSame(first.rules(), firewall.inForce().rules());
    }

    @Test
    void shouldRefuseUnknownSitesOnceThePopHasToldOfThem() throws ConfigException {
        firewall.start(KnownSites.NONE);
        assertTrue(firewall.apply().path("done").asBoolean(), "nobody knows yet");

        firewall.onSites(told(PARIS));

        String error = firewall.apply().path("error").asString("");
        assertTrue(error.contains(":5: policy.wanRules[1].to[0]: site 1003: expected"), error);
        firewall.onSites(told(PARIS, ROME));
        assertTrue(firewall.apply().path("done").asBoolean());
    }

    /** A name stays with the site that had it, whoever else takes it. */
    @Test
    void shouldNotFollowANameToAnotherSite() throws ConfigException {
        firewall.start(told(PARIS, ROME));
        LanPolicy before = firewall.inForce();

        firewall.onSites(told(ROME, new RuleSites.Known(666, "paris")));

        assertSame(before, firewall.inForce());
    }

    @Test
    void shouldTellWhatRulesHaveDecided() throws ConfigException {
        firewall.start(told(PARIS, ROME));
        Scrape scrape = new Scrape(Labels.of("site", "berlin"));

        firewall.addTo(scrape);

        Figures figures = Figures.of(scrape);
        String none = "{network_rule=\"-\",rule=\"-\"}";
        assertEquals(0, figures.value("firewall_rule_flows_total" + none));
        assertEquals(0, figures.value("firewall_rule_blocked_packets_total" + none));
        assertEquals(0, figures.value("transport_rule_flows_total{rule=\"calls\"}"));
        String second = "{rule=\"backups\",choice=\"secondary\"}";
        assertEquals(0, figures.value("transport_rule_packets_total" + second));
        assertEquals(0, figures.value("transport_rule_dropped_packets_total{rule=\"calls\"}"));
    }

    @Test
    void shouldTellNothingWithoutRules() {
        Scrape scrape = new Scrape(Labels.of("site", "berlin"));

        new SiteFirewall(null, List.of(), dataPlane.commands(), null).addTo(scrape);

        assertEquals(Set.of(), Figures.of(scrape).metrics());
    }

    @Test
    void shouldTryAFileWithTheSitesThatAreKnown() throws ConfigException {
        firewall.start(told(PARIS, ROME));

        assertFalse(firewall.read(file).wan().rules().isEmpty());
    }
}
