package io.spillway.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.spillway.routing.fib.NextHop;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.Rib;
import io.spillway.routing.rib.RouteSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RouteAnswersTest {
    private final Rib rib = new Rib();

    @Test
    void shouldShowAPageAndSayHowManyFollow() {
        rib.replaceRemote(7, 1, many(1_000));

        JsonNode first = ask("{\"count\":300}");
        assertEquals(300, first.path("routes").size());
        assertEquals(700, first.path("more").asInt());

        List<String> all = new ArrayList<>(shown(first));
        String after = first.path("after").asString();
        while (!after.isEmpty()) {
            JsonNode next = ask("{\"count\":300,\"after\":\"%s\"}".formatted(after));
            all.addAll(shown(next));
            after = next.path("after").asString("");
        }
        assertEquals(many(1_000).stream().map(Prefix::toString).toList(), all);
        assertEquals(200, ask("{}").path("routes").size());
    }

    @Test
    void shouldShowTheLongestMatchAndWhatLiesInside() {
        rib.addLocal(RouteSource.CONNECTED, Prefix.parse("10.0.0.0/8"), NextHop.onLink(0));
        rib.replaceRemote(
                7, 1, Stream.of("10.1.0.0/16", "10.1.2.0/24").map(Prefix::parse).toList());

        JsonNode inside = ask("{\"prefix\":\"10.1.0.0/17\"}");
        assertEquals("10.1.0.0/16", inside.path("longestMatch").asString());
        assertEquals(List.of("10.1.0.0/16", "10.1.2.0/24"), shown(inside));

        assertEquals(List.of("10.1.2.0/24"), shown(ask("{\"prefix\":\"10.1.2.3\"}")));
        assertEquals("none", ask("{\"prefix\":\"fd00::\"}").path("longestMatch").asString());
    }

    @Test
    void shouldShowOnlyOneSourceOrWhatIsFrozenOrWaits() {
        rib.addLocal(RouteSource.STATIC, Prefix.parse("10.0.0.0/8"), NextHop.HOST);
        rib.replaceRemote(
                7, 1, Stream.of("10.1.0.0/16", "10.2.0.0/16").map(Prefix::parse).toList());
        rib.freeze(1);
        rib.replaceRemote(
                7, 2, Stream.of("10.2.0.0/16", "10.3.0.0/16").map(Prefix::parse).toList());

        assertEquals(List.of("10.0.0.0/8"), shown(ask("{\"source\":\"static\"}")));
        assertEquals(List.of("10.1.0.0/16", "10.2.0.0/16"), shown(ask("{\"frozen\":true}")));
        assertEquals(List.of("10.1.0.0/16", "10.3.0.0/16"), shown(ask("{\"waiting\":true}")));
        assertFalse(ask("{\"frozen\":true}").has("more"));
    }

    @Test
    void shouldSayWhatIsWrongWithAQuestion() {
        assertEquals(
                "nonsense: expected one of [CONNECTED, STATIC, BGP, CLOUD, POP]",
                ask("{\"source\":\"nonsense\"}").path("error").asString());
        assertEquals("count 0 not in 1..2000", ask("{\"count\":0}").path("error").asString());
        String wrong = ask("{\"prefix\":\"10.0.0.1/8\"}").path("error").asString();
        assertEquals(
                "\"10.0.0.1/8\": bits set behind the length: the network is 10.0.0.0/8", wrong);
    }

    private JsonNode ask(String request) {
        return RouteAnswers.answer(JsonMapper.shared().readTree(request), rib);
    }

    private static List<String> shown(JsonNode answer) {
        return answer.path("routes")
                .valueStream()
                .map(route -> route.path("prefix").asString())
                .toList();
    }

    private static List<Prefix> many(int count) {
        return IntStream.range(0, count).mapToObj(i -> Prefix.ofIpv4(i << 8, 24)).toList();
    }
}
