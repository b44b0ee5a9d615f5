package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.node.AskedPacket;
import io.spillway.node.ConfigException;
import io.spillway.node.PolicyFile;
import io.spillway.node.policy.PolicySide;
import io.spillway.node.policy.SiteNames;
import io.spillway.node.pop.PopView;
import io.spillway.routing.fib.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway explain} says what becomes of packets, before and after the loss of the PoP. */
class ExplainSystemTest extends SystemTest {
    private static final long HOST_MAC = 0x02_00_00_00_01_00L;
    private static final int PACKETS = IS_LONG ? 100_000 : 3_000;
    private static final int PACKETS_PER_POLICY = 100;
    private static final List<PolicySide> SIDES =
            List.of(new PolicySide(0, "office", 0, List.of(Prefix.parse("10.1.0.0/16"))));
    private static final String RULES =
            """
            policy:
              rules:
                - {name: here, from: [10.1.0.5-10.1.0.6], to: [network office], rules: [%s]}
              wanRules: [%s]
            """;
    private static final String WAN_RULES =
            """
            {name: backups, to: [site 1002], services: [udp/445], transport: off-cloud, secondary: cloud},
            {name: calls, services: [udp/5060], transport: alt-wan, secondary: none}""";

    @Test
    void shouldSayWhichWayAPacketGoes() {
        seeds(
                1,
                (seed, world) -> {
                    world.addSite(1, SiteOptions.DEFAULT);
                    world.addSite(2, SiteOptions.DEFAULT);
                    world.addSite(3, SiteOptions.DEFAULT.recovery(false, true));
                    assertTrue(world.runUntil(() -> isAllInCloud(world), 5_000));
                    world.run(2_000);

                    JsonNode toTwo = explain(world, "10.2.0.7", "10.1.0.5", "office");
                    assertEquals("FORWARDED", text(toTwo, "verdict"));
                    assertEquals("10.2.0.0/24", text(toTwo, "prefix"));
                    assertEquals("CLOUD", text(toTwo, "transport"));
                    assertEquals("site 1002 (site2)", toTwo.path("nextHops").get(0).asString());
                    JsonNode tunnel = toTwo.path("tunnels").get(0);
                    assertTrue(text(tunnel, "way").startsWith("frankfurt at 203.0.113.10:443"));
                    assertTrue(tunnel.path("pathMtu").asInt() > 1_000, toTwo::toString);
                    JsonNode back = toTwo.path("answersTo");
                    assertEquals("office on link", back.path("nextHops").get(0).asString());

                    JsonNode atPop =
                            new PopView(world.pop().control())
                                    .explain(request("10.2.0.7", "10.1.0.5", "site1"));
                    assertEquals("FORWARDED", text(atPop, "verdict"), atPop::toString);
                    assertEquals("site 1002 (site2)", atPop.path("nextHops").get(0).asString());

                    assertEquals("ROUTE_MISSING", text(explain(world, "8.8.8.8", "", ""), "drop"));
                    assertEquals(
                            "SOURCE_NOT_FROM_PEER",
                            text(explain(world, "10.1.0.7", "10.3.0.5", "site2"), "drop"));
                    assertFalse(explain(world, "10.1.0.7", "10.2.0.5", "site2").has("drop"));
                    String wrong = text(explain(world, "10.1.0.7", "", "nonsense"), "error");
                    assertTrue(wrong.startsWith("nonsense: expected one of office, host"), wrong);
                    assertTrue(explain(world, "nonsense", "", "").has("error"));

                    world.killPop();
                    world.run(1_000);

                    toTwo = explain(world, "10.2.0.7", "", "");
                    assertEquals("RECOVERY", text(toTwo, "transport"));
                    assertTrue(text(toTwo, "reason").startsWith("frozen since "));
                    assertTrue(
                            text(toTwo.path("tunnels").get(0), "way").startsWith("1002 (site2)"));
                    JsonNode toThree = explain(world, "10.3.0.7", "", "");
                    assertEquals("ROUTE_PROHIBITED", text(toThree, "drop"));
                    assertEquals(List.of(), List.copyOf(toThree.path("tunnels").values()));
                });
    }

    /** R052: rule by rule, in the state that there is, in another, by other rules. */
    @Test
    void shouldSayWhatRulesMakeOfAPacket() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    publish(world, "{name: ask, services: [udp/53], action: allow}", "");

                    JsonNode allowed = ask(world, packet("10.1.0.5", "10.1.0.7", 53), "");
                    assertEquals("FORWARDED", text(allowed, "verdict"), allowed::toString);
                    assertEquals("office", text(allowed, "leavesBy"));
                    JsonNode said = allowed.path("firewall");
                    assertEquals("here", text(said, "networkRule"));
                    assertEquals("allowed by the rule", text(said, "decision"));
                    assertEquals("new", text(said, "flow"), "asking begins none");
                    assertEquals(
                            "new",
                            text(
                                    ask(world, packet("10.1.0.5", "10.1.0.7", 53), "")
                                            .path("firewall"),
                                    "flow"));

                    JsonNode blocked = ask(world, packet("10.1.0.5", "10.1.0.7", 54), "");
                    assertEquals("FIREWALL_BLOCKED", text(blocked, "drop"));
                    assertTrue(
                            text(blocked.path("firewall"), "decision").startsWith("blocked: none"));

                    JsonNode byPop = ask(world, packet("10.1.0.7", "10.1.0.5", 53), "");
                    assertEquals("CLOUD", text(byPop, "transport"), byPop::toString);
                    assertTrue(text(byPop, "leavesBy").startsWith("frankfurt at"));
                    JsonNode alone =
                            ask(
                                    world,
                                    packet("10.1.0.7", "10.1.0.5", 53).put("state", "recovery"),
                                    "");
                    assertEquals("office", text(alone, "leavesBy"), alone::toString);
                    JsonNode off =
                            ask(
                                    world,
                                    packet("10.1.0.5", "10.2.0.7", 53).put("state", "recovery"),
                                    "");
                    assertEquals("RECOVERY", text(off, "transport"), off::toString);
                    assertTrue(text(off, "leavesBy").startsWith("1002 (site2)"), off::toString);

                    JsonNode other =
                            ask(world, packet("10.1.0.5", "10.1.0.7", 54), RULES.formatted("", ""));
                    assertEquals("FIREWALL_BLOCKED", text(other, "drop"));
                    assertEquals(0, world.site(1).dropped(DropReason.FIREWALL_BLOCKED));
                });
    }

    /** R111: the rule that sends it another way than the site's transport, and which way. */
    @Test
    void shouldNameTheRuleThatChoosesTheTransport() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    publish(world, "", WAN_RULES);

                    JsonNode backup = ask(world, packet("10.1.0.5", "10.2.0.7", 445), "");
                    assertEquals("RECOVERY", text(backup, "transport"), backup::toString);
                    assertTrue(text(backup, "leavesBy").startsWith("1002 (site2)"));
                    assertEquals(
                            "{\"name\":\"backups\",\"transport\":\"off-cloud\",\"secondary\":\"cloud\"}",
                            backup.path("wanRule").toString());
                    assertEquals(List.of(text(backup, "leavesBy")), ways(backup));
                    JsonNode call = ask(world, packet("10.1.0.5", "10.2.0.7", 5060), "");
                    assertEquals("ROUTE_TRANSPORT_DOWN", text(call, "drop"), call::toString);
                    assertEquals("calls", text(call.path("wanRule"), "name"));
                    assertEquals(List.of(), ways(call));
                    JsonNode other = ask(world, packet("10.1.0.5", "10.2.0.7", 80), "");
                    assertEquals("CLOUD", text(other, "transport"), other::toString);
                    assertFalse(other.has("wanRule"));

                    JsonNode tried =
                            ask(
                                    world,
                                    packet("10.1.0.5", "10.2.0.7", 445),
                                    RULES.formatted("", WAN_RULES.replace("backups", "tried")));
                    assertEquals("tried", text(tried.path("wanRule"), "name"));
                    JsonNode alone =
                            ask(
                                    world,
                                    packet("10.1.0.5", "10.2.0.7", 80).put("state", "recovery"),
                                    "");
                    assertEquals("RECOVERY", text(alone, "transport"), alone::toString);
                    assertEquals("", happened(world, packet("10.1.0.5", "10.2.0.7", 445)));
                    assertEquals(
                            "ROUTE_TRANSPORT_DOWN",
                            happened(world, packet("10.1.0.5", "10.2.0.7", 5060)));
                });
    }

    /** They have no rule of their own: what the packet they are of has is theirs. */
    @Test
    void shouldSayWhatBecomesOfFragmentsAndErrors() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    publish(world, "{name: ask, services: [udp/53], action: allow}", "");

                    JsonNode next = ask(world, fragment(53, "later"), "");
                    assertEquals("FORWARDED", text(next, "verdict"), next::toString);
                    assertEquals("office", text(next, "leavesBy"));
                    assertEquals("ask", text(next.path("firewall"), "rule"), next::toString);
                    JsonNode blocked = ask(world, fragment(54, "later"), "");
                    assertEquals("FIREWALL_BLOCKED", text(blocked, "drop"), blocked::toString);
                    ObjectNode later = fragment(53, "later").put("identification", 7);
                    JsonNode alone = ask(world, later, "");
                    assertEquals("FIREWALL_FRAGMENT_UNKNOWN", text(alone, "drop"));
                    assertEquals("FIREWALL_FRAGMENT_UNKNOWN", happened(world, later));
                    ObjectNode error = packet("10.1.0.5", "10.1.0.7", 53).put("icmpError", "3/4");
                    JsonNode unrelated = ask(world, error, "");
                    assertEquals("FIREWALL_UNRELATED_ERROR", text(unrelated, "drop"));

                    ObjectNode first = fragment(53, "first").put("identification", 7);
                    assertEquals("FORWARDED", text(ask(world, first, ""), "verdict"));
                    assertEquals("", happened(world, first));

                    JsonNode known = ask(world, later, "");
                    assertEquals("FORWARDED", text(known, "verdict"), known::toString);
                    assertEquals(
                            "known, of the packet that it belongs to",
                            text(known.path("firewall"), "flow"));
                    JsonNode related = ask(world, error, "");
                    assertEquals("FORWARDED", text(related, "verdict"), related::toString);
                    assertEquals(
                            "ICMP type 3 code 4 10.1.0.7 to 10.1.0.5, about udp 10.1.0.5 port"
                                    + " 49152 to 10.1.0.7 port 53",
                            text(related, "packet"));
                    assertEquals("ask", text(related.path("firewall"), "rule"));
                    JsonNode byRouter = ask(world, error.put("errorFrom", "10.1.0.9"), "");
                    assertEquals("FORWARDED", text(byRouter, "verdict"), byRouter::toString);
                    assertEquals("", happened(world, later));
                    assertEquals("", happened(world, error));
                });
    }

    private static ObjectNode fragment(int port, String part) {
        return packet("10.1.0.5", "10.1.0.7", port).put("fragment", part);
    }

    private static List<String> ways(JsonNode answer) {
        return answer.path("tunnels").valueStream().map(tunnel -> text(tunnel, "way")).toList();
    }

    /** What is said of a packet, and what then becomes of it. */
    @Test
    void shouldSayWhatThenHappens() {
        seeds(
                1,
                (seed, world) -> {
                    world.withSites(2, SiteOptions.DEFAULT);
                    awaitReady(world);
                    SplittableRandom random = new SplittableRandom(seed);
                    for (int i = 0; i < PACKETS; i++) {
                        if (i % PACKETS_PER_POLICY == 0) {
                            publish(world, randomRules(random), randomWanRules(random));
                        }
                        ObjectNode asked = randomPacket(random);
                        String said = text(ask(world, asked, ""), "drop");
                        assertEquals(said, happened(world, asked), asked::toString);
                    }
                });
    }

    private static String randomRules(SplittableRandom random) {
        List<String> rules = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            rules.add(
                    "{name: r%d, to: [%s], services: [%s], action: %s}"
                            .formatted(
                                    i,
                                    any(random, "any", "10.1.0.5", "10.1.0.6-10.1.0.8"),
                                    any(random, "udp", "tcp/53", "icmp/8", "protocol 50", "any"),
                                    any(random, "allow", "block")));
        }
        return String.join(", ", rules);
    }

    private static String randomWanRules(SplittableRandom random) {
        List<String> rules = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            rules.add(
                    "{name: w%d, to: [%s], services: [%s], transport: %s, secondary: %s}"
                            .formatted(
                                    i,
                                    any(random, "any", "site 1002", "site 1003", "10.2.0.0/16"),
                                    any(random, "udp", "tcp/53", "any"),
                                    any(random, "off-cloud", "alt-wan"),
                                    any(random, "automatic", "cloud", "none")));
        }
        return String.join(", ", rules);
    }

    private static ObjectNode randomPacket(SplittableRandom random) {
        String source = "10.1.0." + random.nextInt(5, 9);
        String target = any(random, "10.1.0.5", "10.1.0.7", "10.2.0.7", "10.9.0.7", "10.1.0.1");
        ObjectNode asked = request(target, source, any(random, "", "office"));
        String proto = any(random, "tcp", "udp", "icmp", "icmp/13", "50");
        asked.put("proto", proto);
        if (proto.equals("tcp") || proto.equals("udp")) {
            asked.put("dport", random.nextBoolean() ? 53 : 80);
            asked.put("sport", random.nextBoolean() ? 53 : 80);
        }
        switch (random.nextInt(8)) {
            case 0 -> asked.put("fragment", "first").put("identification", random.nextInt(2));
            case 1 -> asked.put("fragment", "later").put("identification", random.nextInt(2));
            case 2 -> asked.put("icmpError", any(random, "3/4", "11")).put("in", "office");
            default -> {}
        }
        return asked;
    }

    private static String any(SplittableRandom random, String... words) {
        return words[random.nextInt(words.length)];
    }

    /** Why it was dropped; empty: it was not. What the kernel answers finds nobody there. */
    private static String happened(SimWorld world, ObjectNode asked) {
        SimSite site = world.site(1);
        byte[] packet = AskedPacket.of(asked).bytes();
        UnsafeBuffer frame = new UnsafeBuffer(new byte[EthernetHeader.LENGTH + packet.length]);
        EthernetHeader.write(frame, 0, SimSite.mac(1), HOST_MAC, 0, EthernetHeader.ETHER_TYPE_IPV4);
        frame.putBytes(EthernetHeader.LENGTH, packet);
        Map<DropReason, Long> before = site.dataPlane.counters().dropped();
        site.port().offer(frame.byteArray());
        site.turn();
        Map<DropReason, Long> after = site.dataPlane.counters().dropped();
        return after.keySet().stream()
                .filter(reason -> reason != DropReason.ICMP_RATE_LIMITED)
                .filter(reason -> reason != DropReason.NEIGHBOUR_UNRESOLVED)
                .filter(reason -> !after.get(reason).equals(before.get(reason)))
                .map(Enum::name)
                .collect(Collectors.joining(" "));
    }

    private void publish(SimWorld world, String rules, String wanRules) {
        SimSite site = world.site(1);
        LanPolicy policy = policy(RULES.formatted(rules, wanRules));
        assertTrue(site.dataPlane.commands().publishPolicy(policy));
        site.turn();
    }

    private LanPolicy policy(String text) {
        try {
            Path file = Files.writeString(directory.resolve("policy.yaml"), text);
            SiteNames sites = ExplainSystemTest::site;
            return PolicyFile.read(file, SIDES, sites).compile(sites, true);
        } catch (IOException | ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static Party site(String id) {
        return Party.ofSites(ValueSet.range(Long.parseLong(id), Long.parseLong(id)));
    }

    /** As soon as the data plane was turned. */
    private JsonNode ask(SimWorld world, ObjectNode request, String policy) {
        SimSite site = world.site(1);
        LanPolicy assumed = policy.isEmpty() ? null : policy(policy);
        var answer = view(world, 1).explain(request, site.dataPlane.commands(), assumed);
        site.turn();
        return answer.getNow(null);
    }

    private static ObjectNode packet(String src, String dst, int port) {
        return request(dst, src, "").put("proto", "udp").put("dport", port);
    }

    private static JsonNode explain(SimWorld world, String dst, String src, String in) {
        return view(world, 1).explain(request(dst, src, in));
    }

    private static ObjectNode request(String dst, String src, String in) {
        return JsonMapper.shared().createObjectNode().put("dst", dst).put("src", src).put("in", in);
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
