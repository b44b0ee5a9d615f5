package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Hosts of three sites ask a server on the Internet while the PoP is killed and comes back. The
 * first site recovers to other sites and to the Internet, the second to sites only, the last to the
 * Internet only.
 */
final class InternetRecoveryStory {
    private static final String STATE = "state";
    private static final String DIRECT = "DIRECT";
    private static final String ACTIVATED = "Internet Recovery Activated";
    private static final String STOPPED = "Internet Recovery Stopped";
    private static final long LOOK_MS = 2_000;
    private static final long RETURN_MS = 30_000;

    private final Stage stage;
    private final NodeProcess both;
    private final NodeProcess sitesOnly;
    private final NodeProcess internetOnly;

    InternetRecoveryStory(Stage stage) {
        this.stage = stage;
        both = stage.sites().getFirst();
        sitesOnly = stage.sites().get(1);
        internetOnly = stage.last();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        try (InternetView view = new InternetView(stage)) {
            InternetAsker first = view.ask(host(both));
            InternetAsker second = view.ask(host(sitesOnly));
            InternetAsker last = view.ask(host(internetOnly));
            stage.awaitCalm();
            byPop(result, view, List.of(first, second, last));
            cut(result, view, List.of(first, second, last));
            directly(result, view, List.of(first, second, last));
            comeBack(result, view, List.of(first, second, last));
            view.requireWell();
        }
        countEvents(result);
    }

    private String host(NodeProcess site) {
        return stage.place(site).hostNamespace();
    }

    private void byPop(ScenarioResult.Builder result, InternetView view, List<InternetAsker> all)
            throws InterruptedException {
        stage.phase("the Internet by the PoP");
        List<Long> mark = view.mark();
        Thread.sleep(LOOK_MS);
        for (InternetAsker asker : all) {
            seen(result, view, asker, LabSite.POP_ADDRESS, mark);
        }
        result.exactly("bytesByPop", view.download(host(both)), InternetFile.LENGTH, "bytes");
    }

    private void cut(ScenarioResult.Builder result, InternetView view, List<InternetAsker> all)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        List<Long> mark = view.mark();
        Map<Direction, Long> streams = stage.mark();
        stage.pop().kill();
        stage.await("moved", this::isMoved, stage.times().recoveryTimeout());
        Thread.sleep(LOOK_MS);
        stage.lossSince(streams)
                .of(direction -> !direction.touches(stage.place(internetOnly)))
                .measureOutages(result, Stage.OUTAGE_MAX_MS);
        for (InternetAsker asker : List.of(all.getFirst(), all.getLast())) {
            double outageMs = view.lossSince(asker, mark).outageMs();
            String name = "internetOutageMs " + asker.namespace();
            result.atMost(name, outageMs, Stage.OUTAGE_MAX_MS, "ms");
        }
    }

    private void directly(ScenarioResult.Builder result, InternetView view, List<InternetAsker> all)
            throws IOException, InterruptedException {
        stage.phase("the Internet without a PoP");
        List<Long> mark = view.mark();
        Thread.sleep(LOOK_MS);
        seen(result, view, all.getFirst(), stage.place(both).wanAddress(), mark);
        seen(result, view, all.getLast(), stage.place(internetOnly).wanAddress(), mark);
        StreamLoss without = view.lossSince(all.get(1), mark);
        result.exactly("answeredWhereOff", without.sent() - without.lost(), 0, "questions");
        result.exactly("bytesDirectly", view.download(host(both)), InternetFile.LENGTH, "bytes");
        shown(result, both, DIRECT);
        shown(result, sitesOnly, "CUT_OFF");
        shown(result, internetOnly, DIRECT);
        result.exactly("echoesFromOutside", view.echoesFromOutside(stage.place(both)), 0, "echoes");
    }

    /** New questions are answered all the while; what comes back late still does. */
    private void comeBack(ScenarioResult.Builder result, InternetView view, List<InternetAsker> all)
            throws IOException, InterruptedException, LabException {
        stage.phase("the PoP comes back");
        List<Long> mark = view.mark();
        stage.pop().start();
        stage.await("in the cloud", SiteStatus::isInCloud, stage.times().returnTimeout());
        stage.awaitAnswer("status", "on the Internet by the PoP", this::isByPop, RETURN_MS);
        Thread.sleep(LOOK_MS);
        for (InternetAsker asker : List.of(all.getFirst(), all.getLast())) {
            long lost = view.lossSince(asker, mark).lost();
            result.exactly("returnUnanswered " + asker.namespace(), lost, 0, "questions");
        }
        List<Long> after = view.mark();
        Thread.sleep(LOOK_MS);
        for (InternetAsker asker : all) {
            String name = "seenAtLastAs " + LabSite.POP_ADDRESS + " " + asker.namespace();
            boolean isSeen = view.isSeenAs(asker, LabSite.POP_ADDRESS, after);
            result.exactly(name, isSeen ? 1 : 0, 1, "times");
        }
    }

    private void seen(
            ScenarioResult.Builder result,
            InternetView view,
            InternetAsker asker,
            String address,
            List<Long> mark)
            throws InterruptedException {
        boolean isSeen = view.isSeenAs(asker, address, mark);
        result.exactly("seenAs " + address + " " + asker.namespace(), isSeen ? 1 : 0, 1, "times");
    }

    /** State and both addresses, for the lists of who lets in known ones only. */
    private void shown(ScenarioResult.Builder result, NodeProcess site, String state)
            throws IOException {
        JsonNode internet = site.ask("status").path("internet");
        JsonNode addresses = internet.path("addresses");
        boolean isDirect = state.equals(DIRECT);
        String own = isDirect ? stage.place(site).wanAddress() : "";
        boolean isShown =
                internet.path(STATE).asString("").equals(state)
                        && addresses.path("cloud").asString("").equals(LabSite.POP_ADDRESS)
                        && addresses.path("wan1").asString("").equals(own);
        result.exactly("shown " + state + " " + site.name(), isShown ? 1 : 0, 1, "times");
    }

    private boolean isMoved(NodeProcess site, SiteStatus status) {
        return site == internetOnly
                ? status.isCutOff()
                : status.isInRecoveryBut(internetOnly.name());
    }

    private boolean isByPop(JsonNode status) {
        return status.path("internet").path(STATE).asString("").equals("CLOUD");
    }

    private void countEvents(ScenarioResult.Builder result) throws IOException {
        List<NodeProcess> recovering = List.of(both, internetOnly);
        result.exactly("activated", stage.countEvents(recovering, ACTIVATED), 2, "events");
        result.exactly("stopped", stage.countEvents(recovering, STOPPED), 2, "events");
        long elsewhere = stage.countEvents(List.of(sitesOnly), "Internet Recovery");
        result.exactly("eventsWhereOff", elsewhere, 0, "events");
    }
}
