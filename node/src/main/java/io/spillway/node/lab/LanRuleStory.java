package io.spillway.node.lab;

import java.io.IOException;
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
    static final String OTHER_POLICY =
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
    private final OfficeAndGuests networks;

    LanRuleStory(Stage stage) {
        this.stage = stage;
        networks = new OfficeAndGuests(stage, stage.network().sites().getFirst());
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        result.exactly("allowedUnanswered", ECHOES - networks.answeredToOffice(), 0, "echoes");
        result.exactly("blockedAnswered", networks.answeredToGuest(), 0, "echoes");
        result.exactly("unsaidTtl", networks.hopsLeftOver6(), TTL_BY_POP, "hops left");
        EchoStream stream = networks.talk();
        Map<Direction, Long> mark = stage.mark();
        stage.phase("PoP process killed, while office and guests talk");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        result.exactly("lostBetweenNetworksAtCut", stream.lost(), 0, "echoes");
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        result.exactly(
                "allowedUnansweredOffCloud", ECHOES - networks.answeredToOffice(), 0, "echoes");
        result.exactly("blockedAnsweredOffCloud", networks.answeredToGuest(), 0, "echoes");
        result.exactly("unsaidTtlOffCloud", networks.hopsLeftOver6(), TTL_HERE, "hops left");
        publish(result);
        stage.comeBack(result);
        result.exactly("allowedUnansweredAtLast", ECHOES - networks.answeredToGuest(), 0, "echoes");
        result.exactly("blockedAnsweredAtLast", networks.answeredToOffice(), 0, "echoes");
        result.exactly("unsaidTtlAtLast", networks.hopsLeftOver6(), TTL_BY_POP, "hops left");
    }

    private void publish(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("a policy that is wrong, then one that is the other way round");
        String refused = networks.apply(WRONG_POLICY).path("error").asString("");
        boolean isNamed = refused.contains("policy.rules[0].from[0]: network nowhere");
        result.exactly("wrongRuleNamed", isNamed ? 1 : 0, 1, "times");
        result.exactly("oldRulesInForce", networks.answeredToOffice(), ECHOES, "echoes");
        boolean isDone = networks.apply(OTHER_POLICY).path("done").asBoolean(false);
        result.exactly("applied", isDone ? 1 : 0, 1, "times");
        result.exactly("nowBlockedAnswered", networks.answeredToOffice(), 0, "echoes");
        result.exactly("nowAllowedUnanswered", ECHOES - networks.answeredToGuest(), 0, "echoes");
    }
}
