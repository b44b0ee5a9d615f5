package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** FRR gathers what it tells at the begin of a session for a second. */
    private static final double SESSIONS_MAX_MS = 15_000;

    private static final double TOLD_MAX_MS = 3_000;
    private static final long AWAIT_MS = 30_000;
    /** Long enough for anything that is told off the cloud to arrive. */
    private static final long HOLD_MS = 3_000;

    private static final long GRACE_MS = 2_000;
    private static final int ECHOES = 3;
    private static final String ECHO = "ip netns exec %s ping -n -c 3 -i 0.2 -W 1 %s";
    private static final String STREAM = "ping -n -q -i 0.02 -c 400 -W 2 -I %s %s";
    private static final Pattern RECEIVED =
            Pattern.compile("(\\d+) packets transmitted, (\\d+) received");

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
            result.atMost("sessionsMs", routers.start(), SESSIONS_MAX_MS, "ms");
            LanRouter frr = routers.frr();
            LanRouter bird = routers.bird();
            exchange(frr, bird, result);
            stage.awaitCalm();
            Map<Direction, Long> mark = stage.mark();
            cut(frr, bird, result);
            stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
            comeBack(frr, bird, result);
            tellDifference(result);
        }
    }

    private void exchange(LanRouter frr, LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("each announces networks, FRR takes one away");
        long startNs = System.nanoTime();
        for (int number : List.of(KEPT, WITHDRAWN, SHORT_LIVED)) {
            frr.announce(number);
        }
        bird.announce(KEPT);
        stage.awaitThat("learnt by BIRD", () -> bird.hasRoutes(one, KEPT) && bird.hasRoutes(one, WITHDRAWN), AWAIT_MS);
        stage.awaitThat("learnt by FRR", () -> frr.hasRoutes(other, KEPT), AWAIT_MS);
        stage.awaitThat("learnt too", () -> bird.hasRoutes(one, SHORT_LIVED), AWAIT_MS);
        result.atMost("learntMs", msSince(startNs), TOLD_MAX_MS, "ms");
        long withdrawNs = System.nanoTime();
        frr.withdraw(SHORT_LIVED);
        stage.awaitThat("withdrawn", () -> !bird.hasAnyRoute(one, SHORT_LIVED), AWAIT_MS);
        result.atMost("withdrawnMs", msSince(withdrawNs), TOLD_MAX_MS, "ms");
        result.exactly("unansweredBefore", unanswered(bird, frr), 0, "echoes");
    }

    /** From router to router and back, and from the third site's host, by both families. */
    private int unanswered(LanRouter bird, LanRouter frr) throws IOException {
        String third = stage.network().sites().getLast().hostNamespace();
        int answered = 0;
        for (String ping :
                List.of(
                        between(other, LanRouter.host4(other, KEPT), LanRouter.host4(one, KEPT)),
                        between(other, LanRouter.host6(other, KEPT), LanRouter.host6(one, KEPT)),
                        between(one, LanRouter.host4(one, KEPT), LanRouter.host4(other, KEPT)),
                        ECHO.formatted(third, LanRouter.host4(one, KEPT)),
                        ECHO.formatted(third, LanRouter.host6(other, KEPT)))) {
            answered += received(ping);
        }
        return 5 * ECHOES - answered;
    }

    private static String between(LabSite from, String source, String to) {
        return ECHO.formatted(LanRouter.namespace(from), "-I " + source + " " + to);
    }

    private static int received(String ping) throws IOException {
        Matcher summary = RECEIVED.matcher(outcome(ping));
        return summary.find() ? Integer.parseInt(summary.group(2)) : 0;
    }

    private static String outcome(String ping) throws IOException {
        return Programs.outcome(List.of(ping.split(" +"))).output();
    }

    private void cut(LanRouter frr, LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed; then FRR announces one network and takes one away");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        frr.announce(NEW);
        frr.withdraw(WITHDRAWN);
        stage.stays("in recovery", SiteStatus::isInRecovery, HOLD_MS);
        result.exactly("unansweredOffCloud", unanswered(bird, frr), 0, "echoes");
        String host = stage.network().sites().get(1).hostNamespace();
        int fresh =
                received(ECHO.formatted(host, LanRouter.host4(one, NEW)))
                        + received(ECHO.formatted(host, LanRouter.host6(one, NEW)));
        result.exactly("newAnsweredOffCloud", fresh, 0, "echoes");
        int told =
                toldUnreachable(host, LanRouter.host4(one, WITHDRAWN))
                        + toldUnreachable(host, LanRouter.host6(one, WITHDRAWN));
        result.exactly("withdrawnToldUnreachable", told, 2, "families");
        boolean isFrozen = bird.hasRoutes(one, WITHDRAWN) && !bird.hasAnyRoute(one, NEW);
        result.exactly("routerKeepsWhatItKnew", isFrozen ? 1 : 0, 1, "times");
    }

    private static int toldUnreachable(String host, String address) throws IOException {
        String told = outcome(ECHO.formatted(host, address));
        return told.contains("nreachable") && told.contains(" 0 received") ? 1 : 0;
    }

    private void comeBack(LanRouter frr, LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        List<NamespaceProcess> streams = new ArrayList<>();
        streams.add(stream(LanRouter.host4(other, KEPT), LanRouter.host4(one, KEPT)));
        streams.add(stream(LanRouter.host6(other, KEPT), LanRouter.host6(one, KEPT)));
        stage.comeBack(result);
        long startNs = System.nanoTime();
        stage.awaitThat("new network learnt", () -> bird.hasRoutes(one, NEW), AWAIT_MS);
        stage.awaitThat("old network gone", () -> !bird.hasAnyRoute(one, WITHDRAWN), AWAIT_MS);
        result.atMost("toldAfterReturnMs", msSince(startNs), TOLD_MAX_MS, "ms");
        int lost = 0;
        for (NamespaceProcess stream : streams) {
            stream.awaitEnd(20);
            Matcher summary = RECEIVED.matcher(stream.lastWords());
            if (!summary.find()) {
                throw new LabException("ping: " + stream.lastWords());
            }
            lost += Integer.parseInt(summary.group(1)) - Integer.parseInt(summary.group(2));
        }
        result.exactly("lostBetweenRoutersAtReturn", lost, 0, "echoes");
        String host = stage.network().sites().get(1).hostNamespace();
        int fresh = 2 * ECHOES;
        fresh -= received(ECHO.formatted(host, LanRouter.host4(one, NEW)));
        fresh -= received(ECHO.formatted(host, LanRouter.host6(one, NEW)));
        result.exactly("newUnansweredAfterReturn", fresh, 0, "echoes");
        result.exactly("unansweredAfterReturn", unanswered(bird, frr), 0, "echoes");
    }

    private NamespaceProcess stream(String source, String to) throws IOException {
        String file = "ping-" + to.replace(':', '-') + ".log";
        List<String> command = List.of(STREAM.formatted(source, to).split(" "));
        var ping =
                new NamespaceProcess(
                        "ping", LanRouter.namespace(other), command, stage.directory().resolve(file));
        ping.start();
        return ping;
    }

    /** {@code spillway routes --diff} at the other site. */
    private void tellDifference(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        Thread.sleep(GRACE_MS);
        int added = 0;
        int removed = 0;
        for (JsonNode change : stage.sites().get(1).ask("routes-diff").path("lastThawChanges")) {
            String prefix = change.path("prefix").asString("");
            String kind = change.path("change").asString("");
            boolean isNew =
                    prefix.equals(LanRouter.network4(one, NEW))
                            || prefix.equals(LanRouter.network6(one, NEW));
            added += kind.equals("added") && isNew ? 1 : 0;
            removed += kind.equals("removed") && !isNew ? 1 : 0;
        }
        result.exactly("toldAsAdded", added, 2, "routes");
        result.exactly("toldAsRemoved", removed, 2, "routes");
    }

    private static long msSince(long startNs) {
        return (System.nanoTime() - startNs) / 1_000_000;
    }
}
