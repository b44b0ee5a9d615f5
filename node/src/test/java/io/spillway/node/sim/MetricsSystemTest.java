package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.readiness.Readiness;
import io.spillway.crypto.Trust;
import io.spillway.dataplane.agent.EventLoopKind;
import io.spillway.node.channel.TestAccount;
import io.spillway.node.metrics.Figures;
import io.spillway.node.metrics.Labels;
import io.spillway.node.metrics.Metric;
import io.spillway.node.metrics.NodeMetrics;
import io.spillway.node.metrics.Promtool;
import io.spillway.node.metrics.Scrape;
import io.spillway.node.pop.PopView;
import io.spillway.node.site.SiteView;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sites and PoPs tell of themselves, before, while and after the cloud is there. */
class MetricsSystemTest extends SystemTest {
    private static final SiteOptions OPTIONS = SiteOptions.DEFAULT.withInternet(true).withAltWan();
    private static final long READY_MAX_MS = 10_000;

    /** Of what simulated nodes do not have. */
    private static final Set<Metric> NOT_SIMULATED =
            EnumSet.of(
                    Metric.LINK_SHAPED_BYTES_PER_SECOND,
                    Metric.LINK_QUEUED_BYTES,
                    Metric.LINK_QUEUE_DELAY_SECONDS,
                    Metric.LINK_SENT_PACKETS_TOTAL,
                    Metric.LINK_SENT_BYTES_TOTAL,
                    Metric.LINK_MARKED_PACKETS_TOTAL,
                    Metric.LINK_DROPPED_PACKETS_TOTAL,
                    Metric.FIREWALL_RULE_FLOWS_TOTAL,
                    Metric.FIREWALL_RULE_BLOCKED_PACKETS_TOTAL,
                    Metric.TRANSPORT_RULE_FLOWS_TOTAL,
                    Metric.TRANSPORT_RULE_PACKETS_TOTAL,
                    Metric.TRANSPORT_RULE_DROPPED_PACKETS_TOTAL);

    private Trust trust;

    @BeforeEach
    void makeAuthority() throws IOException {
        trust = new TestAccount(directory, SimWorld.ACCOUNT).pop().trust();
    }

    private NodeMetrics node(SimNode node, String label) {
        String name = node.identity.name();
        return new NodeMetrics(
                Labels.of(label, name),
                node.world.ciphers(),
                EventLoopKind.EPOLL,
                node.dataPlane,
                List.of(),
                () -> SimCertificates.of(name),
                () -> trust);
    }

    private Figures site(SimWorld world, int number) {
        SimSite site = world.site(number);
        return read(new SiteView(site.control()).metrics(node(site, "site"), site.dataPlane));
    }

    private Figures pop(SimWorld world) {
        SimPop pop = world.pop();
        return read(new PopView(pop.control()).metrics(node(pop, "pop"), pop.dataPlane));
    }

    private Figures read(Scrape scrape) {
        Promtool.check(scrape, directory);
        return Figures.of(scrape);
    }

    @Test
    void shouldTellNothingBeforeItIsKnown() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, OPTIONS);
                    world.run(2);

                    Figures start = site(world, 1);

                    assertEquals(1, start.value("recovery_state{state=\"START\"}"));
                    assertNull(start.value("cloud_up{}"), "nothing was lost");
                    assertNull(start.value("link_cloud_up{link=\"wan0\"}"));
                    assertEquals(1, start.value("link_up{link=\"wan0\"}"));
                    assertFalse(start.metrics().contains(Metric.READINESS_STATE));
                    assertFalse(start.metrics().contains(Metric.TUNNEL_ROUND_TRIP_SECONDS));
                    assertFalse(start.metrics().contains(Metric.TUNNEL_LOSS_RATIO));
                    assertFalse(start.metrics().contains(Metric.PEER_ATTACHED));
                    assertFalse(pop(world).metrics().contains(Metric.POP_SITE_READINESS_STATE));
                });
    }

    @Test
    void shouldTellWhatReadinessAndStatusSay() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(3, OPTIONS);
                    awaitReady(world);
                    assertTrue(world.runUntil(() -> isReady(world, 1), READY_MAX_MS));
                    assertTold(world);
                    assertEquals(1, site(world, 1).value("cloud_up{}"));

                    world.cutPop(1, true);
                    world.run(3_000);

                    Figures lost = site(world, 1);
                    assertTold(world);
                    assertEquals(0, lost.value("cloud_up{}"));
                    assertEquals(1, lost.value("recovery_state{state=\"ALT_WAN\"}"));
                    assertEquals(
                            1, lost.value("peer_transport{peer=\"site2\",transport=\"ALT_WAN\"}"));
                    assertEquals(0, pop(world).value("pop_site_attached{site=\"site1\"}"));
                    assertEquals(2, pop(world).value("pop_site_heard_by_sites{site=\"site1\"}"));
                });
    }

    private static boolean isReady(SimWorld world, int number) {
        return view(world, number).readiness().site().status() == Readiness.Status.READY;
    }

    /** As {@code spillway readiness} and {@code status} would. */
    private void assertTold(SimWorld world) {
        SiteView view = view(world, 1);
        Readiness readiness = view.readiness().site();
        Figures told = site(world, 1);
        String ofSite = "{transport=\"RECOVERY\"}";
        assertEquals(readiness.connected(), told.value("readiness_connected_sites" + ofSite));
        assertEquals(readiness.expected(), told.value("readiness_expected_sites" + ofSite));
        assertEquals(1, told.value("recovery_state{state=\"" + view.state() + "\"}"));
        double up =
                view.peerTunnels().stream()
                        .filter(tunnel -> tunnel.tunnel().siteId() == SimSite.id(2))
                        .filter(tunnel -> tunnel.isAlive())
                        .count();
        assertEquals(up, told.value("peer_tunnels_up{peer=\"site2\"}"));
    }

    @Test
    void shouldTellEveryFigureThatThereIs() {
        seeds(
                SimPlace.TWO_NODES,
                1,
                (seed, world) -> {
                    Set<Metric> told = EnumSet.copyOf(NOT_SIMULATED);
                    world.withSites(2, OPTIONS);
                    awaitReady(world);
                    assertTrue(world.runUntil(() -> isReady(world, 1), READY_MAX_MS));
                    told.addAll(site(world, 1).metrics());
                    world.cutPop(1, true);
                    world.run(3_000);
                    told.addAll(pop(world).metrics());
                    cutOff(world, 2);
                    world.run(3_000);
                    told.addAll(site(world, 1).metrics());

                    assertEquals(EnumSet.allOf(Metric.class), told);
                });
    }

    private static void cutOff(SimWorld world, int number) {
        for (int link = 0; link < 2; link++) {
            world.pathsOf(number, link).forEach(path -> path.isCut = true);
        }
    }
}
