package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.node.PopConfig;
import io.spillway.node.metrics.Figures;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.policy.RuleSites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PopFirewallTest {
    private static final String POLICY =
            """
            policy:
              rules:
                - {name: work, from: [site berlin], during: {from: "08:00", to: "18:00"}, action: allow}
                - {name: london, from: [site london], action: allow}
            """;
    private static final RuleSites.Known BERLIN = new RuleSites.Known(1001, "berlin");
    private static final RuleSites.Known LONDON = new RuleSites.Known(1002, "london");

    @TempDir private Path directory;
    private final DataPlane dataPlane =
            new DataPlane(4, 1, List.of(), List.of(), SystemNanoClock.INSTANCE);
    private List<RuleSites.Known> known = List.of(BERLIN, LONDON);
    private Instant now = Instant.parse("2026-11-30T07:59:59Z");
    private PopFirewall firewall;

    @AfterEach
    void close() {
        if (firewall != null) {
            firewall.close();
        }
        dataPlane.close();
    }

    private void start(String policy) throws IOException {
        Path file = Files.writeString(directory.resolve("wan-policy.yaml"), policy);
        firewall =
                new PopFirewall(
                        new PopConfig.WanFirewall(file),
                        dataPlane.commands(),
                        () -> now,
                        () -> known);
        firewall.start(known);
        dataPlane.doWork();
    }

    private List<Boolean> inForce() {
        return firewall.answer().path("rules").values().stream()
                .map(rule -> rule.path("inForce").asBoolean())
                .toList();
    }

    @Test
    void shouldPutRulesInForceAndAtRestByTheClock() throws Exception {
        start(POLICY);
        assertEquals(List.of(false, true, true), inForce());

        now = now.plusSeconds(1);
        firewall.follow();

        assertEquals(List.of(true, true, true), inForce());
        now = now.plus(Duration.ofHours(10));
        firewall.follow();
        assertEquals(List.of(false, true, true), inForce());
    }

    @Test
    void shouldTellWhatRulesHaveDecided() throws Exception {
        start(POLICY);
        Scrape scrape = new Scrape(Labels.of("pop", "frankfurt"));

        firewall.addTo(scrape);

        Figures figures = Figures.of(scrape);
        for (String rule : List.of("work", "london", "-")) {
            String labels = "{network_rule=\"wanFirewall\",rule=\"" + rule + "\"}";
            assertEquals(0, figures.value("firewall_rule_flows_total" + labels));
            assertEquals(0, figures.value("firewall_rule_blocked_packets_total" + labels));
        }
    }

    @Test
    void shouldComeUpWithoutMemoryAndKnowSitesWhenTheyCome() throws Exception {
        known = List.of(BERLIN);
        start(POLICY);
        assertEquals("[\"london\"]", firewall.answer().path("unknownSites").toString());

        known = List.of(BERLIN, LONDON);
        firewall.follow();

        assertEquals("[]", firewall.answer().path("unknownSites").toString());
    }

    @Test
    void shouldRefuseAPolicyThatIsWrongAndKeepTheOther() throws Exception {
        start(POLICY);
        JsonNode before = firewall.answer();
        Path file = directory.resolve("wan-policy.yaml");
        Files.writeString(file, POLICY.replace("site london", "site paris"));

        String error = firewall.apply().path("error").asString("");

        assertTrue(error.contains(":4: policy.rules[1].from[0]: site paris: expected"), error);
        assertEquals(before, firewall.answer());
        Files.writeString(file, "policy: {rules: []}");
        assertTrue(firewall.apply().path("done").asBoolean());
        assertEquals(1, firewall.answer().path("rules").size(), "what no rule allows");
    }

    @Test
    void shouldNotStartWithAPolicyThatIsWrong() {
        IOException refused =
                assertThrows(IOException.class, () -> start("policy: {rules: [{name: x}]}"));

        assertTrue(refused.getMessage().contains("policy.rules[0].action: missing"));
    }

    @Test
    void shouldSayThatItIsOff() throws Exception {
        firewall = new PopFirewall(null, dataPlane.commands(), () -> now, () -> known);
        firewall.start(known);

        assertFalse(firewall.isOn());
        assertTrue(firewall.answer().path("error").asString("").contains("everything is allowed"));
        assertTrue(firewall.apply().has("error"));
    }

    /** A site says its name itself: another one that takes it gets nothing by it. */
    @Test
    void shouldKeepNamesWithWhoHadThem() {
        RuleSites sites = new RuleSites(List.of(BERLIN, LONDON));
        var london = sites.find("london");

        sites.learn(List.of(new RuleSites.Known(1001, "london"), new RuleSites.Known(1002, "x")));
        assertEquals(london, sites.find("london"));
        sites.learn(List.of(new RuleSites.Known(1, "paris"), new RuleSites.Known(2, "paris")));
        assertNull(sites.find("paris"), "of several");
        assertEquals(Party.ofSites(ValueSet.range(2, 2)), sites.find("2"));
    }
}
