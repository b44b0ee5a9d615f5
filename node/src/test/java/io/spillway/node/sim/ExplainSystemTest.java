package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.pop.PopView;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway explain} says what becomes of packets, before and after the loss of the PoP. */
class ExplainSystemTest extends SystemTest {
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
