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

    /** A router calls again every second or two, and FRR gathers first what it tells. */
    private static final double FIRST_MAX_MS = 15_000;

    private static final double TOLD_MAX_MS = 3_000;
    private static final long AWAIT_MS = 30_000;

    /** Long enough for anything that were told off the cloud to arrive. */
    private static final long HOLD_MS = 3_000;

    private static final int ECHOES = 3;
    private static final String ECHO = "ip netns exec %s ping -n -c " + ECHOES + " -i 0.2 -W 1 %s";

    /** Until it is ended. */
    private static final String STREAM = "ping -n -i 0.02 -I %s %s";

    private static final int STREAM_END_S = 3;
    private static final String REPLY = "bytes from";
    private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+)");
    private static final Pattern SUMMARY = Pattern.compile("packets transmitted, (\\d+) received");

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
        for (String ping : fromHost(WITHDRAWN)) {
            String said = said(ping);
            told += received(said) == 0 && said.contains("nreachable") ? 1 : 0;
        }
        result.exactly("withdrawnToldUnreachable", told, 2, "families");
        boolean isFrozen = bird.hasRoutes(one, WITHDRAWN) && !bird.hasAnyRoute(one, NEW);
        result.exactly("routerKeepsWhatItKnew", isFrozen ? 1 : 0, 1, "times");
    }

    private void comeBack(LanRouter bird, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        List<NamespaceProcess> streams =
                List.of(
                        stream(LanRouter.host4(other, KEPT), LanRouter.host4(one, KEPT)),
                        stream(LanRouter.host6(other, KEPT), LanRouter.host6(one, KEPT)));
        stage.comeBack(result);
        Stage.Condition isRight =
                () -> bird.hasRoutes(one, NEW) && !bird.hasAnyRoute(one, WITHDRAWN);
        long toldMs = stage.awaitThat("told what is new and gone", isRight, AWAIT_MS);
        result.atMost("toldAfterReturnMs", toldMs, TOLD_MAX_MS, "ms");
        int lost = 0;
        for (NamespaceProcess stream : streams) {
            lost += lost(stream);
        }
        result.exactly("lostBetweenRoutersAtReturn", lost, 0, "echoes");
        result.exactly("newUnanswered", 2 * ECHOES - answered(NEW), 0, "echoes");
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
        List<String> pings = new ArrayList<>();
        pings.add(between(other, LanRouter.host4(other, KEPT), LanRouter.host4(one, KEPT)));
        pings.add(between(other, LanRouter.host6(other, KEPT), LanRouter.host6(one, KEPT)));
        pings.add(between(one, LanRouter.host4(one, KEPT), LanRouter.host4(other, KEPT)));
        pings.add(between(one, LanRouter.host6(one, KEPT), LanRouter.host6(other, KEPT)));
        pings.add(ECHO.formatted(third, LanRouter.host4(one, KEPT)));
        pings.add(ECHO.formatted(third, LanRouter.host6(other, KEPT)));
        return pings.size() * ECHOES - answered(pings);
    }

    private static String between(LabSite from, String source, String to) {
        return ECHO.formatted(LanRouter.namespace(from), "-I " + source + " " + to);
    }

    /** Of echoes from the other site's host to the first router's network, by both families. */
    private int answered(int number) throws IOException {
        return answered(fromHost(number));
    }

    private List<String> fromHost(int number) {
        return List.of(
                ECHO.formatted(other.hostNamespace(), LanRouter.host4(one, number)),
                ECHO.formatted(other.hostNamespace(), LanRouter.host6(one, number)));
    }

    private static int answered(List<String> pings) throws IOException {
        int answered = 0;
        for (String ping : pings) {
            answered += received(said(ping));
        }
        return answered;
    }

    private static String said(String ping) throws IOException {
        return Programs.outcome(List.of(ping.split(" +"))).output();
    }

    private static int received(String said) {
        Matcher summary = SUMMARY.matcher(said);
        return summary.find() ? Integer.parseInt(summary.group(1)) : 0;
    }

    /** Ends it: of all up to the last that was answered, those that were not. */
    private static int lost(NamespaceProcess stream) throws IOException, LabException {
        if (!stream.isAlive()) {
            throw new LabException("the echoes ended before the return: " + stream.lastWords());
        }
        Programs.run("kill -INT " + stream.pid());
        stream.awaitEnd(STREAM_END_S);
        Matcher last = SEQUENCE.matcher(stream.lastLine(REPLY));
        if (!last.find()) {
            throw new LabException("no echo was answered: " + stream.lastWords());
        }
        return Integer.parseInt(last.group(1)) - (int) stream.countLines(REPLY);
    }

    private NamespaceProcess stream(String source, String to) throws IOException {
        List<String> command = List.of(STREAM.formatted(source, to).split(" "));
        String log = "ping-" + source.replace(':', '-') + ".log";
        String from = LanRouter.namespace(other);
        var ping = new NamespaceProcess("ping", from, command, stage.directory().resolve(log));
        ping.start();
        return ping;
    }
}
