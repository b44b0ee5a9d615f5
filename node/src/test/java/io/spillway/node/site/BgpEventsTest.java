package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventType;
import io.spillway.routing.bgp.NeighbourConfig;
import io.spillway.routing.bgp.PrefixList;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BgpEventsTest {
    private static final long S = 1_000_000_000L;
    private static final Prefix NET = Prefix.parse("10.9.0.0/24");

    private final List<EventDraft> told = new ArrayList<>();
    private final BgpEvents events =
            new BgpEvents(
                    List.of(new BgpSetup.Neighbour("core", config(false), null, null)),
                    told::add,
                    -S);

    private static NeighbourConfig config(boolean isLimitFatal) {
        return new NeighbourConfig(
                IpAddress.parse("10.1.0.254"),
                65020,
                65010,
                1,
                60,
                false,
                IpAddress.parse("10.1.0.1"),
                null,
                PrefixList.ANY,
                PrefixList.ANY,
                false,
                1024,
                75,
                isLimitFatal,
                100);
    }

    private List<String> messages() {
        return told.stream().map(EventDraft::message).toList();
    }

    @Test
    void shouldTellManyRoutesInOneEventAndNoMoreThanOneInTenSeconds() {
        for (int i = 0; i < 1000; i++) {
            events.onAdded(0, NET, 0);
        }
        events.onDeleted(0, NET, 0);
        events.onIgnored(0, 7, 0);
        events.poll(S - 1);
        assertTrue(told.isEmpty());
        events.poll(S);
        events.onAdded(0, NET, 2 * S);
        events.onIgnored(0, 7, 2 * S);
        events.poll(11 * S - 1);
        events.poll(11 * S);
        events.poll(40 * S);

        assertEquals(
                List.of(
                        "core: BGP routes: 1000 added, 1 deleted, 7 ignored",
                        "core: BGP routes: 1 added"),
                messages());
        assertEquals(EventType.BGP_ROUTING, told.getFirst().type());
        assertEquals("1008", told.getFirst().fields().get("event_count"));
        assertEquals("10.9.0.0/24", told.getFirst().fields().get("bgp_route_cidr"));
    }

    @Test
    void shouldTellBeginAndEndOfASessionButNoFailedAttempt() {
        events.onFailed(0, "no answer");
        events.onEstablished(0);
        events.onEnded(0, "received: cease, administrative shutdown");

        assertEquals(
                List.of(
                        "core: BGP session established",
                        "core: BGP session ended: received: cease, administrative shutdown"),
                messages());
        assertEquals("65020", told.getLast().fields().get("bgp_peer_asn"));
        assertEquals(
                "received: cease, administrative shutdown",
                told.getLast().fields().get("failure_reason"));
    }

    @Test
    void shouldTellOfTheLimit() {
        events.onLimit(0, 769, false);
        events.onLimit(0, 1024, true);

        assertEquals(
                List.of(
                        "core: BGP routes: 769 of at most 1024",
                        "core: BGP route limit of 1024 exceeded: more are ignored"),
                messages());
    }
}
