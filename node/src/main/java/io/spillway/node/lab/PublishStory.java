package io.spillway.node.lab;

import java.io.IOException;
import java.util.Map;

/**
 * Policies that are put in force off the cloud, one after the other, while hosts talk: those that
 * allow it disturb nobody, one that does not ends what is under way, and the next lets it go on.
 * The last one holds over a restart and the PoP's return.
 */
final class PublishStory {
    private static final int POLICIES = 20;

    /** Of other services, before the rule that allows. */
    private static final int RULES = 1_000;

    private static final int FIRST_PORT = 10_000;
    private static final long WHILE_MS = 1_000;

    /** An echo each 20 ms. */
    private static final int ECHOES_BLOCKED = 20;

    private static final int ECHOES_BLOCKED_MAX = 100;

    private final Stage stage;
    private final NodeProcess node;
    private final OfficeAndGuests networks;

    PublishStory(Stage stage) {
        this.stage = stage;
        node = stage.sites().getFirst();
        networks = new OfficeAndGuests(stage, stage.network().sites().getFirst());
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        publishMany(result);
        publishOther(result);
        restart(result);
        stage.comeBack(result);
        look(result, "AtLast");
    }

    private void publishMany(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("%d policies of %d rules, each of which allows it".formatted(POLICIES, RULES));
        EchoStream stream = networks.talk();
        Map<Direction, Long> mark = stage.mark();
        int applied = 0;
        for (int i = 0; i < POLICIES; i++) {
            boolean isDone = networks.apply(allowing(i)).path("done").asBoolean(false);
            applied += isDone ? 1 : 0;
        }
        result.exactly("applied", applied, POLICIES, "policies");
        // Else a stream that none of them lets pass any more would have lost nothing at its end.
        int answered = networks.answeredToOffice();
        result.exactly("allowedUnansweredByTheLast", Echoes.COUNT - answered, 0, "echoes");
        result.exactly("lostBetweenNetworks", stream.lost(), 0, "echoes");
        result.exactly("lostBetweenSites", stage.lostSince(mark), 0, "packets");
    }

    /** Another each time: of other ports, by a rule with another name. */
    private static String allowing(int number) {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < RULES; i++) {
            int port = FIRST_PORT + number * RULES + i;
            rules.append(
                    "        - {name: tcp%d, services: [tcp/%d], action: block}%n"
                            .formatted(i, port));
        }
        return """
        policy:
          rules:
            - name: office-to-guests
              from: [network office]
              to: [network guests]
              rules:
        %s        - {name: ask%d, services: [icmp/8], action: allow}
        """
                .formatted(rules, number);
    }

    private void publishOther(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("a policy that blocks it, and one that allows it again");
        EchoStream stream = networks.talk();
        Thread.sleep(WHILE_MS);
        networks.apply(LanRuleStory.OTHER_POLICY);
        Thread.sleep(WHILE_MS);
        networks.apply(LanRuleStory.POLICY);
        Thread.sleep(WHILE_MS);
        int lost = stream.lost();
        result.atLeast("blockedOfWhatWasUnderWay", lost, ECHOES_BLOCKED, "echoes");
        result.atMost("blockedUntilAllowedAgain", lost, ECHOES_BLOCKED_MAX, "echoes");
        look(result, "");
    }

    private void restart(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("the site killed, and started again");
        node.kill();
        node.start();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        look(result, "AfterRestart");
    }

    private void look(ScenarioResult.Builder result, String when) throws IOException, LabException {
        int toOffice = networks.answeredToOffice();
        result.exactly("allowedUnanswered" + when, Echoes.COUNT - toOffice, 0, "echoes");
        result.exactly("blockedAnswered" + when, networks.answeredToGuest(), 0, "echoes");
    }
}
