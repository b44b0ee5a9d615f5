package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.RecoveryEvents;
import io.spillway.control.recovery.Transport;
import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.RuleScope;
import io.spillway.dataplane.firewall.Service;
import io.spillway.dataplane.firewall.TransportPolicy;
import io.spillway.dataplane.firewall.TransportRule;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.forward.TransportRules;
import io.spillway.dataplane.forward.WanTransport;
import io.spillway.node.tunnel.ManagedTunnel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A site with rules for what goes to others, which have none: R110-R112, F09. */
class TransportRuleSystemTest extends SystemTest {
    private static final int SEEDS = IS_LONG ? 20 : 1;
    private static final int UDP = 17;
    private static final int BACKUP_PORT = 445;
    private static final int VOICE_PORT = 16_000;
    private static final int CLIENT_PORT = 50_000;
    private static final int ALT_WAN_LINK = 1;
    private static final int WINDOW_MS = 1_000;

    /** Of each conversation, two in ten milliseconds; the next look may see some of them. */
    private static final int PACKETS_MIN = 180;

    private static final int PACKETS_MAX = 202;

    /** Packets that both sites sent to each other in a while. */
    private record Sent(long cloud, long offCloud, long altWan) {
        Sent since(Sent before) {
            return new Sent(
                    cloud - before.cloud, offCloud - before.offCloud, altWan - before.altWan);
        }
    }

    private static LanPolicy policy() {
        var backups = new TransportRules.Choice(WanTransport.OFF_CLOUD, WanTransport.CLOUD);
        var voice = new TransportRules.Choice(WanTransport.ALT_WAN, WanTransport.AUTOMATIC);
        ValueSet second = ValueSet.range(SimSite.id(2), SimSite.id(2));
        List<TransportRule> rules =
                List.of(
                        new TransportRule(
                                "backups", scope(Party.ofSites(second), BACKUP_PORT), backups),
                        new TransportRule("voice", scope(Party.ANYBODY, VOICE_PORT), voice));
        try {
            return new LanPolicy(new CompiledPolicy(List.of()), true, TransportPolicy.of(rules));
        } catch (PolicyTooLargeException e) {
            throw new AssertionError(e);
        }
    }

    private static RuleScope scope(Party to, int port) {
        int number = PacketKey.service(UDP, port);
        Service service = new Service(ValueSet.range(number, number), ValueSet.ANY);
        return new RuleScope(Party.ANYBODY, to, false, List.of(service));
    }

    /** Site 1 begins, site 2 answers: a backup, a call, and something else. */
    private static List<SimStream> begin(SimWorld world) {
        world.withSites(2, SiteOptions.DEFAULT.withAltWan());
        awaitReady(world);
        assertTrue(world.runUntil(() -> hasAltWan(world), 5_000), () -> describe(world));
        world.site(1).dataPlane.commands().publishPolicy(policy());
        world.run(10_000); // until nobody takes it for the end of a recovery
        List<SimStream> streams = new ArrayList<>();
        for (int port : List.of(BACKUP_PORT, VOICE_PORT, 80)) {
            streams.add(world.stream(1, 2, 10).ports(CLIENT_PORT, port));
            world.run(20);
            streams.add(world.stream(2, 1, 10).ports(port, CLIENT_PORT));
        }
        world.run(500);
        mark(streams);
        return streams;
    }

    private static boolean hasAltWan(SimWorld world) {
        return world.sites().stream()
                        .flatMap(
                                site ->
                                        view(world, site.number())
                                                .peerTunnels(Transport.ALT_WAN)
                                                .stream())
                        .filter(ManagedTunnel::isAlive)
                        .count()
                == 2;
    }

    private static Sent sent(SimWorld world) {
        return new Sent(
                sent(world, view(world, 1).popTunnels(), view(world, 2).popTunnels()),
                sent(world, Transport.RECOVERY),
                sent(world, Transport.ALT_WAN));
    }

    private static long sent(SimWorld world, Transport transport) {
        return sent(
                world,
                view(world, 1).peerTunnels(transport),
                view(world, 2).peerTunnels(transport));
    }

    private static long sent(SimWorld world, List<ManagedTunnel> one, List<ManagedTunnel> other) {
        List<ManagedTunnel> both = new ArrayList<>(one);
        both.addAll(other);
        return both.stream().mapToLong(it -> it.tunnel().packetsSent().packets()).sum();
    }

    /** How many of the three conversations went by each in the next second. */
    private static void assertShares(SimWorld world, int cloud, int offCloud, int altWan) {
        Sent before = sent(world);
        world.run(WINDOW_MS);
        Sent now = sent(world).since(before);
        assertShare("cloud", cloud, now.cloud(), now);
        assertShare("off-cloud", offCloud, now.offCloud(), now);
        assertShare("alt-wan", altWan, now.altWan(), now);
    }

    private static void assertShare(String what, int expected, long packets, Sent all) {
        boolean isSo =
                packets >= (long) expected * PACKETS_MIN
                        && packets <= (long) expected * PACKETS_MAX;
        assertTrue(isSo, () -> what + ": " + expected + " conversations expected, " + all);
    }

    private static void cutDirect(SimWorld world, boolean isCut) {
        world.path(1, 2).isCut = isCut;
        world.path(2, 1).isCut = isCut;
    }

    private static void cutAltWan(SimWorld world, boolean isCut) {
        world.pathsOf(1, ALT_WAN_LINK).forEach(path -> path.isCut = isCut);
    }

    @Test
    void shouldSendEachByItsTransportAndItsAnswersBackTheSameWay() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    List<SimStream> streams = begin(world);

                    assertShares(world, 1, 1, 1);

                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    @Test
    void shouldGoByTheSecondChoiceAsFastAsALinkFailsOverAndBackWithoutLoss() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    List<SimStream> streams = begin(world);
                    cutDirect(world, true);
                    world.run(2_000);
                    assertOutages(streams.subList(0, 2), OUTAGE_MAX_MS);
                    assertNothingLost(streams.subList(2, 6));
                    assertShares(world, 2, 0, 1);

                    mark(streams);
                    cutDirect(world, false);
                    world.run(20_000);
                    assertShares(world, 1, 1, 1);
                    assertNothingLost(streams);

                    cutAltWan(world, true);
                    world.run(2_000);
                    assertOutages(streams.subList(2, 4), OUTAGE_MAX_MS);
                    assertNothingLost(streams.subList(0, 2));
                    assertNothingLost(streams.subList(4, 6));
                    assertShares(world, 2, 1, 0);

                    mark(streams);
                    cutAltWan(world, false);
                    world.run(20_000);
                    assertShares(world, 1, 1, 1);
                    assertNothingLost(streams);
                    assertEvents(world);
                });
    }

    @Test
    void shouldGoAsRecoverySaysWithoutAPopAndBackByTheRulesAfterwards() {
        seeds(
                SEEDS,
                (seed, world) -> {
                    List<SimStream> streams = begin(world);
                    world.killPop();
                    world.run(2_000);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertNothingLost(streams.subList(2, 4));
                    assertShares(world, 0, 0, 3);

                    mark(streams);
                    cutAltWan(world, true);
                    world.run(2_000);
                    assertOutages(streams, OUTAGE_MAX_MS);
                    assertShares(world, 0, 3, 0);
                    cutAltWan(world, false);
                    world.run(20_000);

                    mark(streams);
                    world.startPop();
                    awaitReturn(world, 40_000);
                    world.run(12_000);
                    assertShares(world, 1, 1, 1);
                    assertNothingLost(streams);
                    assertEvents(
                            world,
                            RecoveryEvents.ALT_WAN_ACTIVATED,
                            ACTIVATED,
                            STOPPED,
                            RecoveryEvents.ALT_WAN_STOPPED);
                });
    }

    @Test
    void shouldAnswerByTheWayOfAQuestionLongAgo() {
        seeds(
                1,
                (seed, world) -> {
                    List<SimStream> streams = begin(world);
                    streams.get(0).stop();
                    world.run(30_000);

                    Sent before = sent(world);
                    world.run(WINDOW_MS);

                    assertEquals(100, sent(world).since(before).offCloud(), 1);
                    assertNothingLost(streams.subList(1, 6));
                });
    }
}
