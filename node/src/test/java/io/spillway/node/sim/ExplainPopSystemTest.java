package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.firewall.CompiledPolicy;
import io.spillway.dataplane.firewall.DecisionCounts;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.AskedPacket;
import io.spillway.node.ConfigException;
import io.spillway.node.WanPolicyFile;
import io.spillway.node.policy.RuleSites;
import io.spillway.node.policy.WanRule;
import io.spillway.node.pop.PopView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway explain} at a PoP, and of what goes to the Internet by it or without it. */
class ExplainPopSystemTest extends SystemTest {
    private static final int PACKETS = IS_LONG ? 5_000 : 40;
    private static final String SERVER = "192.2.2.80";
    private static final long UNDER_WAY_MS = 50;
    private static final long HOST_MAC = 0x02_00_00_00_01_00L;
    private static final String RULES =
            """
            policy:
              rules:
                - {name: questions, from: [site site1], to: [10.2.0.7], services: [udp/53, icmp], action: allow}
                - {name: never, services: [udp/80], action: block}
            """;

    /** R114: the rule, and whom it is asked about. */
    @Test
    void shouldSayWhatThePopsRulesMakeOfAPacket() {
        seeds(
                1,
                (seed, world) -> {
                    ready(world, SiteOptions.DEFAULT);
                    ObjectNode question = udp("10.1.0.5", "10.2.0.7", 53);
                    JsonNode before = ask(world, question);
                    assertEquals("FORWARDED", text(before, "verdict"), before::toString);
                    publish(world);

                    JsonNode allowed = ask(world, question);
                    assertEquals("FORWARDED", text(allowed, "verdict"), allowed::toString);
                    assertTrue(text(allowed, "in").startsWith("site 1001 (site1) at "));
                    assertTrue(text(allowed, "leavesBy").startsWith("site 1002 (site2) at "));
                    assertRule(allowed, "questions", "allowed by the rule");
                    JsonNode blocked = ask(world, udp("10.1.0.5", "10.2.0.7", 80));
                    assertEquals("FIREWALL_BLOCKED", text(blocked, "drop"), blocked::toString);
                    assertRule(blocked, "never", "blocked by the rule");
                    JsonNode other = ask(world, udp("10.2.0.7", "10.1.0.5", 53));
                    assertRule(other, "-", "blocked: no rule is met");
                    JsonNode forged = ask(world, question.deepCopy().put("in", "site2"));
                    assertEquals("SOURCE_NOT_FROM_PEER", text(forged, "drop"), forged::toString);
                    JsonNode nobody = ask(world, udp("10.77.0.1", "10.2.0.7", 53));
                    assertTrue(text(nobody, "error").startsWith("--in: "), nobody::toString);

                    send(world, question);
                    JsonNode answer = ask(world, udp("10.2.0.7", "10.1.0.5", 49_152, 53));
                    assertEquals("FORWARDED", text(answer, "verdict"), answer::toString);
                    assertTrue(text(answer.path("firewall"), "flow").contains("an answer"));
                    JsonNode error = ask(world, question.deepCopy().put("icmpError", "3/1"));
                    assertEquals("FORWARDED", text(error, "verdict"), error::toString);
                    assertRule(error, "questions", "allowed by the rule");
                    JsonNode later = ask(world, question.deepCopy().put("fragment", "later"));
                    assertEquals("FORWARDED", text(later, "verdict"), later::toString);
                });
    }

    @Test
    void shouldSayAtThePopWhatThenHappens() {
        seeds(
                1,
                (seed, world) -> {
                    ready(world, SiteOptions.DEFAULT);
                    publish(world);
                    SplittableRandom random = new SplittableRandom(seed);
                    for (int i = 0; i < PACKETS; i++) {
                        ObjectNode packet = random(random);
                        String said = text(ask(world, packet), "drop");
                        assertEquals(said, happened(world, packet), packet::toString);
                    }
                });
    }

    @Test
    void shouldSayHowItGoesToTheInternet() {
        seeds(
                1,
                (seed, world) -> {
                    ready(world, SiteOptions.DEFAULT.withInternet(true));
                    ObjectNode packet = udp("10.1.0.5", SERVER, 443);

                    JsonNode byPop = askSite(world, packet);
                    assertEquals("FORWARDED", text(byPop, "verdict"), byPop::toString);
                    assertEquals("CLOUD", text(byPop, "transport"), byPop::toString);
                    assertEquals("INTERNET", byPop.path("nextHops").path(0).asString(""));
                    assertTrue(text(byPop, "leavesBy").startsWith("frankfurt at "));
                    assertEquals(1, byPop.path("tunnels").size());
                    JsonNode alone = askSite(world, packet.deepCopy().put("state", "recovery"));
                    assertEquals("DIRECT", text(alone, "transport"), alone::toString);
                    assertEquals("the Internet by wan0", text(alone, "leavesBy"));
                    JsonNode hidden = askSite(world, udp("10.1.0.5", "10.200.0.1", 443));
                    assertEquals("ROUTE_MISSING", text(hidden, "drop"), hidden::toString);
                    JsonNode atPop = ask(world, packet);
                    assertEquals("FORWARDED", text(atPop, "verdict"), atPop::toString);
                    assertEquals("the Internet", text(atPop, "leavesBy"), atPop::toString);
                    JsonNode back =
                            ask(world, udp(SERVER, "10.1.0.5", 49_152, 443).put("in", "internet"));
                    assertEquals("FORWARDED", text(back, "verdict"), back::toString);
                    assertEquals("internet", text(back, "in"));

                    world.killPop();
                    world.run(1_000);
                    JsonNode direct = askSite(world, packet);
                    assertEquals("the Internet by wan0", text(direct, "leavesBy"));
                });
    }

    private void ready(SimWorld world, SiteOptions options) {
        world.withSites(2, options);
        awaitReady(world);
    }

    private static void assertRule(JsonNode answer, String rule, String decision) {
        assertEquals(rule, text(answer.path("firewall"), "rule"), answer::toString);
        assertEquals(decision, text(answer.path("firewall"), "decision"));
    }

    private void publish(SimWorld world) {
        try {
            Path file = Files.writeString(directory.resolve("wan-policy.yaml"), RULES);
            RuleSites sites = new RuleSites(List.of(new RuleSites.Known(SimSite.id(1), "site1")));
            List<FirewallRule> rules =
                    WanPolicyFile.read(file, sites::find).rules(sites::find).stream()
                            .map(WanRule::rule)
                            .toList();
            CompiledPolicy policy = new CompiledPolicy(WanPolicyFile.network(rules));
            world.pop()
                    .dataPlane
                    .commands()
                    .publishWanFirewall(new WanFirewallPolicy(policy, new DecisionCounts(policy)));
            world.pop().turn();
        } catch (IOException | ConfigException | PolicyTooLargeException e) {
            throw new AssertionError(e);
        }
    }

    /** As soon as the data plane was turned. */
    private static JsonNode ask(SimWorld world, ObjectNode request) {
        SimPop pop = world.pop();
        var answer = new PopView(pop.control()).explain(request, pop.dataPlane.commands());
        pop.turn();
        return answer.getNow(null);
    }

    private static JsonNode askSite(SimWorld world, ObjectNode request) {
        SimSite site = world.site(1);
        var answer = view(world, 1).explain(request, site.dataPlane.commands(), null);
        site.turn();
        return answer.getNow(null);
    }

    private static ObjectNode random(SplittableRandom random) {
        int port = random.nextBoolean() ? 53 : 80;
        String target = random.nextBoolean() ? "10.2.0.7" : "10.2.0.8";
        ObjectNode packet = udp("10.1.0." + random.nextInt(5, 8), target, port);
        return switch (random.nextInt(4)) {
            case 0 -> packet.put("fragment", "first").put("identification", random.nextInt(2));
            case 1 -> packet.put("fragment", "later").put("identification", random.nextInt(2));
            default -> packet;
        };
    }

    /** Sent by a host of site 1. */
    private static void send(SimWorld world, ObjectNode asked) {
        byte[] packet = AskedPacket.of(asked).bytes();
        UnsafeBuffer frame = new UnsafeBuffer(new byte[EthernetHeader.LENGTH + packet.length]);
        EthernetHeader.write(frame, 0, SimSite.mac(1), HOST_MAC, 0, EthernetHeader.ETHER_TYPE_IPV4);
        frame.putBytes(EthernetHeader.LENGTH, packet);
        world.site(1).port().offer(frame.byteArray());
        world.run(UNDER_WAY_MS);
    }

    /** Why the PoP dropped it; empty: it did not. */
    private static String happened(SimWorld world, ObjectNode asked) {
        List<DropReason> reasons =
                List.of(DropReason.FIREWALL_BLOCKED, DropReason.FIREWALL_FRAGMENT_UNKNOWN);
        List<Long> before = reasons.stream().map(world.pop()::dropped).toList();
        send(world, asked);
        for (int i = 0; i < reasons.size(); i++) {
            if (world.pop().dropped(reasons.get(i)) != before.get(i)) {
                return reasons.get(i).name();
            }
        }
        return "";
    }

    private static ObjectNode udp(String src, String dst, int port) {
        return udp(src, dst, port, 49_152);
    }

    private static ObjectNode udp(String src, String dst, int port, int sourcePort) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("dst", dst)
                .put("src", src)
                .put("proto", "udp")
                .put("dport", port)
                .put("sport", sourcePort);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
