package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The PoP's rules between sites: others are put in force while sessions go on, without a PoP they
 * are suspended, and with it they hold again, from its first packet on.
 */
final class WanFirewallStory {
    /** As the example that operators begin with. */
    static final String OPEN_POLICY =
            """
            policy:
              rules: [{name: all-sites, action: allow}]
            """;

    /** The streams between two sites, either way; what one of them calls of the other. */
    private static final String POLICY =
            """
            policy:
              rules:
                - name: streams
                  from: [site %1$s]
                  to: [site %2$s]
                  direction: both
                  services: [udp/7000-7001 from 7000-7001]
                  action: allow
                - name: calls
                  from: [site %2$s]
                  to: [site %1$s]
                  services: [tcp, icmp/8, icmpv6/128]
                  action: allow
            """;

    private static final String WRONG_POLICY =
            """
            policy:
              rules: [{name: all-sites, from: [site atlantis], action: allow}]
            """;

    private static final long SILENCE_MS = 1_000;
    private static final long SETTLED_MS = 500;
    private static final String CONNECT = "exec 3<>/dev/tcp/%s/9";

    /** Said by a host that was reached and has no such service. */
    private static final String REACHED = "refused";

    private final Stage stage;
    private final LabSite called;
    private final LabSite caller;
    private final LabSite other;
    private final Path file;

    WanFirewallStory(Stage stage) {
        this.stage = stage;
        List<LabSite> sites = stage.network().sites();
        called = sites.get(0);
        caller = sites.get(1);
        other = sites.get(2);
        file = LabConfig.wanPolicy(stage.directory(), stage.network().pops().getFirst());
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        result.exactly("allAnswered", answered(all()), 2 * all().size(), "echoes");
        swap(result);
        recover(result);
        comeBack(result);
        result.exactly("tcpSurvived", stage.traffic().tcp().survived() ? 1 : 0, 1, "sessions");
    }

    private void swap(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("a policy that is wrong, then one that allows what two sites say");
        Files.writeString(file, WRONG_POLICY);
        String refused = stage.pop().ask("firewall-apply").path("error").asString("");
        boolean isNamed = refused.contains("policy.rules[0].from[0]: site atlantis");
        result.exactly("wrongRuleNamed", isNamed ? 1 : 0, 1, "times");
        Map<Direction, Long> mark = stage.mark();
        Files.writeString(file, POLICY.formatted(called.name(), caller.name()));
        boolean isDone = stage.pop().ask("firewall-apply").path("done").asBoolean(false);
        result.exactly("applied", isDone ? 1 : 0, 1, "times");
        Thread.sleep(SETTLED_MS);
        measureRules(result, "");
        result.exactly("allowedLost", lost(mark), 0, "packets");
        result.atLeast("blockedCounted", counted("-", "blockedPackets"), 1, "packets");
        result.atLeast("callsCounted", counted("calls", "flows"), 1, "flows");
        result.exactly("inForce", saying("in_force"), stage.sites().size(), "sites");
    }

    private void recover(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.lossSince(mark).of(this::isAllowed).measureOutages(result, Stage.OUTAGE_MAX_MS);
        stage.awaitFlow(stage.times().recoveryTimeout());
        result.exactly("allAnsweredOffCloud", answered(all()), 2 * all().size(), "echoes");
        result.exactly("suspended", saying("suspended"), stage.sites().size(), "sites");
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.await("at rest", SiteStatus::isAtRest, Stage.EVENT_MS);
        Thread.sleep(SETTLED_MS);
        result.exactly("returnLostAllowed", lost(mark), 0, "packets");
        measureRules(result, "AtLast");
        result.exactly("inForceAtLast", saying("in_force"), stage.sites().size(), "sites");
    }

    /** What the rules allow and block, either way. */
    private void measureRules(ScenarioResult.Builder result, String when)
            throws IOException, InterruptedException {
        Direction call = new Direction(caller, called);
        Direction back = new Direction(called, caller);
        List<Direction> blocked = all().stream().filter(it -> !it.equals(call)).toList();
        result.exactly("callAnswered" + when, answered(List.of(call)), 2, "echoes");
        result.exactly("connected" + when, connected(call), 1, "times");
        result.exactly("blockedAnswered" + when, answered(blocked), 0, "echoes");
        result.exactly("blockedTold" + when, told(blocked), blocked.size(), "directions");
        result.exactly("blockedConnected" + when, connected(back), 0, "times");
        result.exactly("blockedArrived" + when, arrivedBlocked(), 0, "packets");
    }

    private List<Direction> all() {
        return Direction.among(List.of(called, caller, other));
    }

    /** Their streams go on. */
    private boolean isAllowed(Direction direction) {
        return direction.touches(called) && direction.touches(caller);
    }

    /** One in each direction, by IPv4 and by IPv6. */
    private int answered(List<Direction> directions) throws IOException {
        Pings pings = new Pings(stage.network(), directions);
        pings.run("");
        return pings.sent() - pings.unanswered().size();
    }

    private static long told(List<Direction> directions) throws IOException {
        long told = 0;
        for (Direction direction : directions) {
            told += Pings.isProhibited(direction) ? 1 : 0;
        }
        return told;
    }

    private static int connected(Direction direction) throws IOException {
        String namespace = direction.from().hostNamespace();
        String connect = CONNECT.formatted(direction.to().hostAddress());
        List<String> line =
                List.of("ip", "netns", "exec", namespace, "timeout", "3", "bash", "-c", connect);
        return Programs.outcome(line).output().contains(REACHED) ? 1 : 0;
    }

    private long arrivedBlocked() throws InterruptedException {
        Map<Direction, Long> mark = stage.mark();
        Thread.sleep(SILENCE_MS);
        Predicate<Direction> isBlocked = direction -> !isAllowed(direction);
        return stage.lossSince(mark).of(isBlocked).arrived();
    }

    private long lost(Map<Direction, Long> mark) throws InterruptedException {
        return stage.lossSince(mark).of(this::isAllowed).lost();
    }

    private long counted(String rule, String what) throws IOException {
        JsonNode rules = stage.pop().ask("firewall").path("rules");
        return rules.values().stream()
                .filter(each -> each.path("rule").asString("").equals(rule))
                .mapToLong(each -> each.path(what).asLong(0))
                .sum();
    }

    /** Sites whose status says that of the WAN firewall. */
    private int saying(String standing) throws IOException {
        int saying = 0;
        for (NodeProcess site : stage.sites()) {
            JsonNode services = site.ask("status").path("services");
            saying += services.path("wanFirewall").asString("").equals(standing) ? 1 : 0;
        }
        return saying;
    }
}
