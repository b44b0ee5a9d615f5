package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * FRR on one site's LAN and BIRD on another's: what one announces the other reaches, by the PoP and
 * back; without the PoP what was known stays reachable, and what is new waits for the return.
 */
final class RoutersStory {
    private static final int KEPT = 1;
    private static final int WITHDRAWN = 2;
    private static final int NEW = 3;
    private static final int SHORT_LIVED = 4;

    /** A router calls again every second or two, and FRR gathers first what it tells. */
    private static final double FIRST_MAX_MS = 15_000;

    private static final double TOLD_MAX_MS = 3_000;
    private static final long AWAIT_MS = 30_000;

    /** Long enough for anything that were told off the cloud to arrive. */
    private static final long HOLD_MS = 3_000;

    private final Stage stage;
    private final LabSite one;
    private final LabSite other;

    RoutersStory(Stage stage) {
        this.stage = stage;
        one = stage.network().sites().get(0);
        other = stage.network().sites().get(1);
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        try (LanRouters routers = new LanRouters(stage)) {
            result.atMost("sessionsMs", routers.start(), FIRST_MAX_MS, "ms");
            exchange(routers.frr(), routers.bird(), result);
            stage.awaitCalm();
            Map<Direction, Long> mark = stage.mark();
            cut(routers.frr(), routers.bird(), result);
            stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
            comeBack(routers.bird(), result);
            tellDifference(result);
        }
    }

    private void exchange(LanRouter frr, LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("both announce networks; then FRR announces one and takes it away");
        frr.announce(KEPT);
        frr.announce(WITHDRAWN);
        bird.announce(KEPT);
        Stage.Condition isKnown =
                () ->
                        bird.hasRoutes(one, KEPT)
                                && bird.hasRoutes(one, WITHDRAWN)
                                && frr.hasRoutes(other, KEPT);
        long firstMs = stage.awaitThat("known to both routers", isKnown, AWAIT_MS);
        result.atMost("firstLearntMs", firstMs, FIRST_MAX_MS, "ms");
        frr.announce(SHORT_LIVED);
        long learntMs = stage.awaitThat("learnt", () -> bird.hasRoutes(one, SHORT_LIVED), AWAIT_MS);
        result.atMost("learntMs", learntMs, TOLD_MAX_MS, "ms");
        frr.withdraw(SHORT_LIVED);
        long withdrawnMs =
                stage.awaitThat("forgotten", () -> !bird.hasAnyRoute(one, SHORT_LIVED), AWAIT_MS);
        result.atMost("withdrawnMs", withdrawnMs, TOLD_MAX_MS, "ms");
        result.exactly("unanswered", unanswered(), 0, "echoes");
    }

    private void cut(LanRouter frr, LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed; then FRR announces one network and takes one away");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        frr.announce(NEW);
        frr.withdraw(WITHDRAWN);
        stage.stays("in recovery", SiteStatus::isInRecovery, HOLD_MS);
        result.exactly("unansweredOffCloud", unanswered(), 0, "echoes");
        result.exactly("newAnsweredOffCloud", answered(NEW), 0, "echoes");
        int told = 0;
        for (Echoes echoes : fromHost(WITHDRAWN)) {
            told += echoes.isToldUnreachable() ? 1 : 0;
        }
        result.exactly("withdrawnToldUnreachable", told, 2, "families");
        boolean isFrozen = bird.hasRoutes(one, WITHDRAWN) && !bird.hasAnyRoute(one, NEW);
        result.exactly("routerKeepsWhatItKnew", isFrozen ? 1 : 0, 1, "times");
    }

    private void comeBack(LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        List<EchoStream> streams =
                List.of(
                        stream(LanRouter.host4(other, KEPT), LanRouter.host4(one, KEPT)),
                        stream(LanRouter.host6(other, KEPT), LanRouter.host6(one, KEPT)));
        stage.comeBack(result);
        Stage.Condition isRight =
                () -> bird.hasRoutes(one, NEW) && !bird.hasAnyRoute(one, WITHDRAWN);
        long toldMs = stage.awaitThat("told what is new and gone", isRight, AWAIT_MS);
        result.atMost("toldAfterReturnMs", toldMs, TOLD_MAX_MS, "ms");
        int lost = 0;
        for (EchoStream stream : streams) {
            lost += stream.lost();
        }
        result.exactly("lostBetweenRoutersAtReturn", lost, 0, "echoes");
        result.exactly("newUnanswered", 2 * Echoes.COUNT - answered(NEW), 0, "echoes");
        result.exactly("unansweredAfterReturn", unanswered(), 0, "echoes");
    }

    /** {@code spillway routes --diff} at the other site. */
    private void tellDifference(ScenarioResult.Builder result) throws IOException {
        int added = 0;
        int removed = 0;
        for (JsonNode each : stage.sites().get(1).ask("routes-diff").path("lastThawChanges")) {
            String prefix = each.path("prefix").asString("");
            String change = each.path("change").asString("");
            added += change.equals("added") && isOf(NEW, prefix) ? 1 : 0;
            removed += change.equals("removed") && isOf(WITHDRAWN, prefix) ? 1 : 0;
        }
        result.exactly("toldAsAdded", added, 2, "routes");
        result.exactly("toldAsRemoved", removed, 2, "routes");
    }

    private boolean isOf(int number, String prefix) {
        return prefix.equals(LanRouter.network4(one, number))
                || prefix.equals(LanRouter.network6(one, number));
    }

    /** From router to router and back, and from the third site's host to both. */
    private int unanswered() throws IOException {
        String third = stage.network().sites().getLast().hostNamespace();
        return between(other, LanRouter.host4(other, KEPT), LanRouter.host4(one, KEPT))
                + between(other, LanRouter.host6(other, KEPT), LanRouter.host6(one, KEPT))
                + between(one, LanRouter.host4(one, KEPT), LanRouter.host4(other, KEPT))
                + between(one, LanRouter.host6(one, KEPT), LanRouter.host6(other, KEPT))
                + Echoes.from(third, LanRouter.host4(one, KEPT)).unanswered()
                + Echoes.from(third, LanRouter.host6(other, KEPT)).unanswered();
    }

    private static int between(LabSite from, String source, String to) throws IOException {
        return Echoes.from(LanRouter.namespace(from), source, to).unanswered();
    }

    /** Of echoes from the other site's host to the first router's network, by both families. */
    private int answered(int number) throws IOException {
        int answered = 0;
        for (Echoes echoes : fromHost(number)) {
            answered += echoes.answered();
        }
        return answered;
    }

    private List<Echoes> fromHost(int number) throws IOException {
        return List.of(
                Echoes.from(other.hostNamespace(), LanRouter.host4(one, number)),
                Echoes.from(other.hostNamespace(), LanRouter.host6(one, number)));
    }

    private EchoStream stream(String source, String to) throws IOException {
        return EchoStream.start(stage.directory(), LanRouter.namespace(other), source, to);
    }
}
