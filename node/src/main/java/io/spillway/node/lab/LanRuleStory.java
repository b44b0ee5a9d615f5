package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Two networks of a site: what its rules allow and block is the same with a PoP, without one and
 * after its return; what they send by the PoP stays here meanwhile; other rules hold at once.
 */
final class LanRuleStory {
    /** Over IPv4 the office may ask the guests, who may not ask back; nothing is said of IPv6. */
    static final String POLICY =
            """
            policy:
              rules:
                - name: office-to-guests
                  from: [network office]
                  to: [network guests]
                  services: [icmp]
                  rules: [{name: ask, services: [icmp/8], action: allow}]
                - name: guests-to-office
                  from: [network guests]
                  to: [10.0.0.0/8]
            """;

    /** The other way round. */
    private static final String OTHER_POLICY =
            """
            policy:
              rules:
                - name: office-to-guests
                  from: [network office]
                  to: [10.0.0.0/8]
                - name: guests-to-office
                  from: [network guests]
                  to: [10.0.0.0/8]
                  rules: [{name: ask, services: [icmp/8], action: allow}]
            """;

    private static final String WRONG_POLICY =
            """
            policy:
              rules: [{name: all, from: [network nowhere]}]
            """;

    private static final int ECHOES = Echoes.COUNT;

    /** Of an answer that passed one router, and by the PoP. */
    private static final int TTL_HERE = 63;

    private static final int TTL_BY_POP = 61;

    private final Stage stage;
    private final LabSite site;
    private final NodeProcess node;

    LanRuleStory(Stage stage) {
        this.stage = stage;
        node = stage.sites().getFirst();
        site = stage.network().sites().getFirst();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        result.exactly("allowedUnanswered", ECHOES - fromOffice(), 0, "echoes");
        result.exactly("blockedAnswered", fromGuest(), 0, "echoes");
        result.exactly("unsaidTtl", ttlOfUnsaid(), TTL_BY_POP, "hops left");
        EchoStream stream =
                EchoStream.start(
                        stage.directory(),
                        site.hostNamespace(),
                        site.hostAddress(),
                        LanGuest.address4(site));
        Map<Direction, Long> mark = stage.mark();
        stage.phase("PoP process killed, while office and guests talk");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        result.exactly("lostBetweenNetworksAtCut", stream.lost(), 0, "echoes");
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        result.exactly("allowedUnansweredOffCloud", ECHOES - fromOffice(), 0, "echoes");
        result.exactly("blockedAnsweredOffCloud", fromGuest(), 0, "echoes");
        result.exactly("unsaidTtlOffCloud", ttlOfUnsaid(), TTL_HERE, "hops left");
        publish(result);
        stage.comeBack(result);
        result.exactly("allowedUnansweredAtLast", ECHOES - fromGuest(), 0, "echoes");
        result.exactly("blockedAnsweredAtLast", fromOffice(), 0, "echoes");
        result.exactly("unsaidTtlAtLast", ttlOfUnsaid(), TTL_BY_POP, "hops left");
    }

    private void publish(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("a policy that is wrong, then one that is the other way round");
        Path file = LabConfig.policy(stage.directory(), site);
        Files.writeString(file, WRONG_POLICY);
        String refused = node.ask("firewall-apply").path("error").asString("");
        boolean isNamed = refused.contains("policy.rules[0].from[0]: network nowhere");
        result.exactly("wrongRuleNamed", isNamed ? 1 : 0, 1, "times");
        result.exactly("oldRulesInForce", fromOffice(), ECHOES, "echoes");
        Files.writeString(file, OTHER_POLICY);
        boolean isDone = node.ask("firewall-apply").path("done").asBoolean(false);
        result.exactly("applied", isDone ? 1 : 0, 1, "times");
        result.exactly("nowBlockedAnswered", fromOffice(), 0, "echoes");
        result.exactly("nowAllowedUnanswered", ECHOES - fromGuest(), 0, "echoes");
    }

    private int fromOffice() throws IOException {
        return Echoes.from(site.hostNamespace(), LanGuest.address4(site)).answered();
    }

    private int fromGuest() throws IOException {
        return Echoes.from(LanGuest.namespace(site), site.hostAddress()).answered();
    }

    /** No rule speaks of IPv6. */
    private int ttlOfUnsaid() throws IOException {
        return Echoes.from(site.hostNamespace(), LanGuest.address6(site)).ttl();
    }
}
