package io.spillway.node.site;

import static io.spillway.dataplane.firewall.FirewallRule.Action.ALLOW;
import static io.spillway.dataplane.firewall.FirewallRule.Action.BLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.dataplane.firewall.FirewallRule;
import io.spillway.dataplane.firewall.LanPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirewallEventsTest {
    private static final long S = 1_000_000_000L;

    private final PolicyAtWork work = new PolicyAtWork();
    private final List<EventDraft> told = new ArrayList<>();
    private final FirewallEvents events =
            new FirewallEvents(Map.of(EventField.SRC_SITE_ID, "1001"), told::add);

    @AfterEach
    void close() {
        work.close();
    }

    private List<String> messages() {
        return told.stream().map(EventDraft::message).toList();
    }

    @Test
    void shouldTellTheFirstAtOnceAndThoseAfterItTogether() throws Exception {
        LanPolicy policy = work.publish(BLOCK);
        events.poll(policy, 0);
        work.send(0, 3);
        events.poll(policy, S);
        work.send(0, 2);
        events.poll(policy, 2 * S);
        assertEquals(1, told.size());
        work.send(0, 2);
        events.poll(policy, 11 * S);
        events.poll(policy, 30 * S);

        assertEquals(
                List.of(
                        "LAN firewall: 3 packets blocked: network rule all, rule r0,"
                                + " one from 10.1.0.7 to 10.2.0.9",
                        "LAN firewall: 4 packets blocked: network rule all, rule r0,"
                                + " one from 10.1.0.7 to 10.2.0.9"),
                messages());
        EventDraft first = told.getFirst();
        assertEquals(EventType.LAN_FIREWALL, first.type());
        assertEquals("Block", first.fields().get(EventField.ACTION));
        assertEquals("3", first.fields().get(EventField.EVENT_COUNT));
        assertEquals("udp", first.fields().get(EventField.IP_PROTOCOL));
        assertEquals("53", first.fields().get(EventField.DEST_PORT));
        assertEquals("1001", first.fields().get(EventField.SRC_SITE_ID));
    }

    @Test
    void shouldTellFlowsThatAreAllowedAndWhatNoRuleMatches() throws Exception {
        LanPolicy policy = work.publish(ALLOW);
        events.poll(policy, 0);
        work.send(0, 2);
        work.send(7, 1);
        events.poll(policy, S);

        assertEquals(
                List.of("Monitor r0 2", "Block null 1"),
                told.stream()
                        .map(EventDraft::fields)
                        .map(
                                each ->
                                        each.get(EventField.ACTION)
                                                + " "
                                                + each.get(EventField.RULE_NAME)
                                                + " "
                                                + each.get(EventField.EVENT_COUNT))
                        .toList());
    }

    @Test
    void shouldTellNoMoreThanTenASecondAndForgetNone() throws Exception {
        int rules = 25;
        FirewallRule.Action[] actions = new FirewallRule.Action[rules];
        Arrays.fill(actions, BLOCK);
        LanPolicy policy = work.publish(actions);
        events.poll(policy, 0);
        for (int rule = 0; rule < rules; rule++) {
            work.send(rule, 1);
        }

        events.poll(policy, S);
        assertEquals(FirewallEvents.EVENTS_PER_POLL_MAX, told.size());
        events.poll(policy, 2 * S);
        events.poll(policy, 3 * S);
        assertEquals(rules, messages().stream().distinct().count());
        events.poll(policy, 4 * S);
        assertEquals(rules, told.size());
    }

    @Test
    void shouldTellTheLastOfAPolicyThatIsReplaced() throws Exception {
        LanPolicy policy = work.publish(BLOCK);
        events.poll(policy, 0);
        work.send(0, 1);
        events.poll(policy, S);
        work.send(0, 5);

        LanPolicy next = work.publish(ALLOW);
        events.poll(next, 2 * S);
        assertTrue(messages().getLast().startsWith("LAN firewall: 5 packets blocked"));
        events.poll(null, 3 * S);
        assertEquals(2, told.size());
    }
}
