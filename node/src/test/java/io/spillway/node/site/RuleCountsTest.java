package io.spillway.node.site;

import static io.spillway.dataplane.firewall.FirewallRule.Action.ALLOW;
import static io.spillway.dataplane.firewall.FirewallRule.Action.BLOCK;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.firewall.LanPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleCountsTest {
    @TempDir private Path directory;
    private final PolicyAtWork work = new PolicyAtWork();

    @AfterEach
    void close() {
        work.close();
    }

    private static RuleCounts.Count of(RuleCounts counts, LanPolicy policy, String rule) {
        for (int i = 0; i < policy.rules().decisionCount(); i++) {
            var decision = policy.rules().decision(i);
            if (decision.rule() != null && decision.rule().name().equals(rule)) {
                return counts.total(i);
            }
        }
        throw new AssertionError("no rule " + rule);
    }

    @Test
    void shouldCountOnUnderAnotherPolicyAndAfterARestart() throws Exception {
        RuleCounts counts = RuleCounts.open(directory);
        LanPolicy first = work.publish(BLOCK, ALLOW);
        counts.onPolicy(first);
        work.send(0, 3);
        work.send(1, 2);
        LanPolicy second = work.publish(BLOCK, BLOCK);
        counts.onPolicy(second);
        work.send(1, 4);
        assertEquals(new RuleCounts.Count(3, 3), of(counts, second, "r0"));
        assertEquals(new RuleCounts.Count(6, 4), of(counts, second, "r1"));
        counts.save();

        RuleCounts again = RuleCounts.open(directory);
        LanPolicy third = work.publish(BLOCK);
        again.onPolicy(third);
        work.send(0, 1);
        assertEquals(new RuleCounts.Count(4, 4), of(again, third, "r0"));
    }

    /** As those of the LAN's rules. */
    @Test
    void shouldCountOnOfRulesForOtherSites() throws Exception {
        RuleCounts counts = RuleCounts.open(directory);
        counts.onPolicy(work.publish(List.of("voice"), ALLOW));
        work.sendToSite(3);
        counts.onPolicy(work.publish(List.of("other", "voice"), ALLOW));
        work.sendToSite(2);
        assertEquals(2, counts.wan().total(1).flows());
        assertEquals(3, counts.wan().total(2).flows());
        counts.save();

        RuleCounts again = RuleCounts.open(directory);
        again.onPolicy(work.publish(List.of("voice"), ALLOW));
        work.sendToSite(1);
        assertEquals(4, again.wan().total(1).flows());
        assertEquals(0, again.wan().total(0).flows());
    }

    @Test
    void shouldReadWhatBecameOfPackets() throws Exception {
        Files.writeString(
                directory.resolve("firewall-counts"),
                """
                {"rules": [], "wanRules": [{"wanRule": "voice", "flows": 1, "packets": 2,
                    "packetsBySecondary": 3, "droppedPackets": 4}]}
                """);

        RuleCounts counts = RuleCounts.open(directory);

        counts.onPolicy(work.publish(List.of("voice")));
        assertEquals(new WanRuleCounts.Count(1, 2, 3, 4), counts.wan().total(1));
    }

    @Test
    void shouldBeginAnewWhenItsFileIsNotReadable() throws Exception {
        Files.writeString(directory.resolve("firewall-counts"), "{\"rules\": [{");

        RuleCounts counts = RuleCounts.open(directory);

        LanPolicy policy = work.publish(BLOCK);
        counts.onPolicy(policy);
        assertEquals(RuleCounts.Count.NONE, of(counts, policy, "r0"));
    }
}
