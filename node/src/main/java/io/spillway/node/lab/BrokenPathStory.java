package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The PoP is dead, and something breaks one site's way to all others: two windows of proof later
 * its hosts reach nobody, and neither it nor anybody else says that it is ready for that.
 */
final class BrokenPathStory {
    private static final long WINDOWS_MS = 2 * ReasonsStory.WINDOW_MS;
    private static final long LOOK_MS = 5_000;
    private static final long ASK_MS = 200;

    private final Stage stage;
    private final OutsideDeeds deeds;
    private final NodeProcess broken;
    private final List<Direction> directions;

    /** Of hosts, there and back. */
    private record Pinged(int answered, int unanswered) {}

    /** In one namespace or another, a rule that drops. */
    private record Break(String name, ReasonCase.Deed make) {}

    BrokenPathStory(Stage stage) {
        this.stage = stage;
        deeds = new OutsideDeeds(stage);
        broken = deeds.berlin();
        LabSite place = stage.place(broken);
        directions =
                Direction.among(stage.network().sites()).stream()
                        .filter(direction -> direction.touches(place))
                        .toList();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.start();
        stage.awaitReady();
        stage.phase("PoP process killed");
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        for (Break each : breaks()) {
            tell(each, result);
        }
    }

    private List<Break> breaks() {
        String address = deeds.address(broken);
        String to = "ip daddr " + address;
        String from = "ip saddr " + address;
        List<Break> breaks = new ArrayList<>();
        breaks.add(atInternet("more than 200 bytes to it dropped", to + " meta length > 200"));
        breaks.add(atInternet("more than 200 bytes from it dropped", from + " meta length > 200"));
        breaks.add(atInternet("all to it dropped", to));
        breaks.add(atInternet("all from it dropped", from));
        breaks.add(
                new Break(
                        "its router's FORWARD chain drops what comes in",
                        () -> deeds.refuseForward(broken, "iifname wan0")));
        breaks.add(
                new Break(
                        "its router's FORWARD chain drops what is large",
                        () -> deeds.refuseForward(broken, "meta length > 200")));
        return breaks;
    }

    private Break atInternet(String name, String expression) {
        return new Break(name, () -> deeds.drop(expression));
    }

    private void tell(Break each, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase(each.name());
        each.make().run();
        Thread.sleep(WINDOWS_MS);
        int readyCount = countReady();
        int answered = pinged().answered();
        deeds.pass();
        deeds.joinInside(broken);
        long clearNs = System.nanoTime();
        stage.awaitReady();
        double readyMs = (System.nanoTime() - clearNs) / 1e6;
        result.exactly(each.name() + ": said to be READY", readyCount, 0, "times");
        result.exactly(each.name() + ": pings answered", answered, 0, "pings");
        result.atMost(each.name() + ": READY after", readyMs, WINDOWS_MS, "ms");
        result.exactly(each.name() + ": pings unanswered then", pinged().unanswered(), 0, "pings");
    }

    /** How often anybody says that hosts behind it would be reached. */
    private int countReady() throws IOException, InterruptedException {
        int count = 0;
        long endNs = System.nanoTime() + LOOK_MS * 1_000_000;
        while (System.nanoTime() - endNs < 0) {
            for (NodeProcess site : stage.sites()) {
                count += isReadyForBroken(site) ? 1 : 0;
            }
            Thread.sleep(ASK_MS);
        }
        return count;
    }

    private boolean isReadyForBroken(NodeProcess site) throws IOException {
        JsonNode answer = site.ask("readiness");
        if (answer.path("status").asString("").equals("READY")) {
            return true;
        }
        for (JsonNode peer : answer.path("peers")) {
            boolean isOfBroken =
                    site == broken || peer.path("name").asString("").equals(broken.name());
            if (isOfBroken && peer.path("connected").asBoolean(false)) {
                return true;
            }
        }
        return false;
    }

    private Pinged pinged() throws IOException {
        Pings pings = Pings.ofLarge(stage.network(), directions);
        pings.run("");
        int unanswered = pings.unanswered().size();
        return new Pinged(pings.sent() - unanswered, unanswered);
    }
}
