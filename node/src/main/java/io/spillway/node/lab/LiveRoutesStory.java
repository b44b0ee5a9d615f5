package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * FRR on one site's LAN and BIRD on another's, both of which tell live routes and take them (L13);
 * the third site does neither. What FRR announces and withdraws without the PoP is told to the one,
 * waits for the return at the other, and stays at the return.
 */
final class LiveRoutesStory {
    private static final int KEPT = 1;
    private static final int WITHDRAWN = 2;
    private static final int NEW = 3;

    /** As {@link RoutersStory}. */
    private static final double FIRST_MAX_MS = 15_000;

    private static final double REACHABLE_MAX_MS = 2_000;
    private static final long AWAIT_MS = 30_000;

    /** Longer than it may take. */
    private static final long HOLD_MS = 3_000;

    private final Stage stage;
    private final LabSite one;
    private final LabSite other;
    private final LabSite last;

    LiveRoutesStory(Stage stage) {
        this.stage = stage;
        one = stage.network().sites().get(0);
        other = stage.network().sites().get(1);
        last = stage.network().sites().getLast();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        try (LanRouters routers = new LanRouters(stage)) {
            result.atMost("sessionsMs", routers.start(), FIRST_MAX_MS, "ms");
            announce(routers.frr(), routers.bird());
            stage.awaitCalm();
            Map<Direction, Long> mark = stage.mark();
            cut(routers.frr(), routers.bird(), result);
            stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
            comeBack(result);
        }
    }

    private void announce(LanRouter frr, LanRouter bird)
            throws IOException, InterruptedException, LabException {
        stage.phase("both announce networks");
        frr.announce(KEPT);
        frr.announce(WITHDRAWN);
        bird.announce(KEPT);
        Stage.Condition isKnown =
                () ->
                        bird.hasRoutes(one, KEPT)
                                && bird.hasRoutes(one, WITHDRAWN)
                                && frr.hasRoutes(other, KEPT);
        stage.awaitThat("known to both routers", isKnown, AWAIT_MS);
    }

    private void cut(LanRouter frr, LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed; then FRR announces one network and takes one away");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        List<EchoStream> streams =
                List.of(
                        stream(other.hostNamespace(), other.hostAddress(), host4(NEW)),
                        stream(other.hostNamespace(), other.hostAddress6(), host6(NEW)));
        frr.announce(NEW);
        stage.stays("in recovery", SiteStatus::isInRecovery, HOLD_MS);
        double reachableMs = EchoStream.INTERVAL_MS * lostOf(streams);
        result.atMost("reachableMs", reachableMs, REACHABLE_MAX_MS, "ms");
        frr.withdraw(WITHDRAWN);
        Stage.Condition isTold =
                () -> bird.hasRoutes(one, NEW) && !bird.hasAnyRoute(one, WITHDRAWN);
        long toldMs = stage.awaitThat("told to the other router", isTold, AWAIT_MS);
        result.atMost("toldMs", toldMs, REACHABLE_MAX_MS, "ms");
        result.exactly("keptUnanswered", 2 * Echoes.COUNT - answered(other, KEPT), 0, "echoes");
        result.exactly("withdrawnToldUnreachable", toldUnreachable(), 2, "families");
        result.exactly("newAnsweredWithout", answered(last, NEW), 0, "echoes");
        result.exactly("shownLive", shownLive(), 2, "routes");
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        String router = LanRouter.namespace(other);
        List<EchoStream> streams =
                List.of(
                        stream(router, LanRouter.host4(other, KEPT), host4(NEW)),
                        stream(router, LanRouter.host6(other, KEPT), host6(NEW)));
        stage.comeBack(result);
        result.exactly("lostToNewAtReturn", lostOf(streams), 0, "echoes");
        Stage.Condition isReachable = () -> answered(last, NEW) == 2 * Echoes.COUNT;
        stage.awaitThat("reachable from " + last.name(), isReachable, AWAIT_MS);
        result.exactly("changedAtReturn", changed(1), 0, "routes");
        result.exactly("changedAtReturnWithout", changed(stage.sites().size() - 1), 4, "routes");
        result.exactly("shownLiveAfterReturn", shownLive(), 0, "routes");
    }

    /** Of echoes from a site's host to the first router's network, by both families. */
    private int answered(LabSite from, int number) throws IOException {
        int answered = 0;
        for (Echoes echoes : echoes(from, number)) {
            answered += echoes.answered();
        }
        return answered;
    }

    private int toldUnreachable() throws IOException {
        int told = 0;
        for (Echoes echoes : echoes(other, WITHDRAWN)) {
            told += echoes.isToldUnreachable() ? 1 : 0;
        }
        return told;
    }

    private List<Echoes> echoes(LabSite from, int number) throws IOException {
        return List.of(
                Echoes.from(from.hostNamespace(), host4(number)),
                Echoes.from(from.hostNamespace(), host6(number)));
    }

    private String host4(int number) {
        return LanRouter.host4(one, number);
    }

    private String host6(int number) {
        return LanRouter.host6(one, number);
    }

    /** {@code spillway routes} at the other site. */
    private int shownLive() throws IOException {
        int live = 0;
        for (JsonNode route : stage.sites().get(1).ask("routes").path("routes")) {
            boolean isUsed = route.path("inUse").asBoolean(false);
            live += isUsed && route.path("live").asBoolean(false) ? 1 : 0;
        }
        return live;
    }

    /** {@code spillway routes --diff} at a site. */
    private int changed(int site) throws IOException {
        return stage.sites().get(site).ask("routes-diff").path("lastThawChanges").size();
    }

    private EchoStream stream(String namespace, String source, String to) throws IOException {
        return EchoStream.start(stage.directory(), namespace, source, to);
    }

    /** Of all of them the most. */
    private static int lostOf(List<EchoStream> streams) throws IOException, LabException {
        int lost = 0;
        for (EchoStream stream : streams) {
            lost = Math.max(lost, stream.lost());
        }
        return lost;
    }
}
