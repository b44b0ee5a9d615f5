package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A new authority takes the place of the account's while packets flow. One site does not hear of it
 * at first, and the PoP dies meanwhile: recovery between certificates of both. In the end the old
 * authority is withdrawn, and an appliance that comes with a certificate of it stays outside.
 */
final class RolloverStory {
    private static final String ISSUES = "ISSUES";
    private static final String TRUSTED = "TRUSTED";
    private static final String WITHDRAWN = "WITHDRAWN";

    /** The PoP looks at its files every 2 s. */
    private static final double TOLD_MAX_MS = 5_000;

    /** A certificate is asked for within a second; the far end's may come later, 2, 4, 8 s. */
    private static final double RENEWED_MAX_MS = 20_000;

    private static final double REFUSED_MAX_MS = 20_000;
    private static final long WAIT_MS = 60_000;
    private static final long SETTLE_MS = 3_000;

    /** In recovery by certificates of both. */
    private static final long HOLD_MS = 5_000;

    private final Stage stage;
    private final AuthorityView view;
    private final NodeProcess unaware;
    private final List<NodeProcess> aware;
    private final NodeProcess stale;

    RolloverStory(Stage stage) {
        this.stage = stage;
        view = new AuthorityView(stage);
        unaware = stage.sites().getFirst(); // of each pair the greater ID calls: the aware ones
        aware = stage.sitesBut(unaware);
        stale = stage.sites().getLast();
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        Path before = keepIdentity();
        Map<Direction, Long> mark = stage.mark();
        begin(result);
        activate(result);
        result.exactly("overlapLostPackets", stage.lostSince(mark), 0, "packets");
        recover(result);
        comeBack(result);
        end(result);
        refuse(before, result);
    }

    private void begin(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase(view.rollover("begin"));
        long toldMs = view.await(stage.sites(), "told", this::knowsNext, WAIT_MS);
        result.atMost("toldMs", toldMs, TOLD_MAX_MS, "ms");
    }

    private boolean knowsNext(NodeProcess site) throws IOException {
        return view.count(site, ISSUES) == 1 && view.count(site, TRUSTED) == 1;
    }

    private void activate(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("no channel passes between the PoP and " + unaware.name());
        stage.cutter().cut(List.of(stage.place(unaware)), PopTraffic.CHANNEL);
        String old = view.own(unaware);
        stage.phase(view.rollover("activate"));
        long renewedMs = view.await(aware, "renewed", this::isRenewedAmongAware, WAIT_MS);
        long seenMs = view.await(List.of(unaware), "shown", this::seesRenewedPeers, WAIT_MS);
        result.atMost("renewedMs", renewedMs, RENEWED_MAX_MS, "ms");
        result.atMost("shownToTheOldMs", seenMs, RENEWED_MAX_MS, "ms");
        Thread.sleep(SETTLE_MS);
        boolean isStillOld = view.own(unaware).equals(old) && view.isSeenAs(aware, unaware, old);
        result.exactly("sitesOfTheOldOne", isStillOld ? 1 : 0, 1, "sites");
    }

    /** By every certificate that the site shows and sees, but for the one that cannot know. */
    private boolean isRenewedAmongAware(NodeProcess site) throws IOException {
        String issuer = view.issuer(site);
        return view.own(site).equals(issuer)
                && view.isPopSeenAs(site, issuer)
                && view.peersSeenAs(site, issuer) == aware.size() - 1;
    }

    private boolean seesRenewedPeers(NodeProcess site) throws IOException {
        return view.peersSeenAs(site, view.issuer(aware.getFirst())) == aware.size();
    }

    private void recover(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase("PoP process killed");
        Map<Direction, Long> mark = stage.mark();
        stage.pop().kill();
        stage.await("in recovery", SiteStatus::isInRecovery, stage.times().recoveryTimeout());
        stage.stays("in recovery", SiteStatus::isInRecovery, SETTLE_MS);
        stage.lossSince(mark).measureOutages(result, Stage.OUTAGE_MAX_MS);
        Map<Direction, Long> inRecovery = stage.mark();
        stage.stays("in recovery", SiteStatus::isInRecovery, HOLD_MS);
        result.exactly("recoveryLostPackets", stage.lostSince(inRecovery), 0, "packets");
    }

    private void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.cutter().heal();
        stage.comeBack(result);
        Map<Direction, Long> mark = stage.mark();
        long renewedMs = view.await(stage.sites(), "renewed", this::isRenewed, WAIT_MS);
        result.atMost("lastRenewedMs", renewedMs, RENEWED_MAX_MS, "ms");
        result.exactly("lastRenewalLostPackets", stage.lostSince(mark), 0, "packets");
    }

    private boolean isRenewed(NodeProcess site) throws IOException {
        String issuer = view.issuer(site);
        return view.own(site).equals(issuer)
                && view.isPopSeenAs(site, issuer)
                && view.peersSeenAs(site, issuer) == stage.sites().size() - 1;
    }

    private void end(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        Map<Direction, Long> mark = stage.mark();
        stage.phase(view.rollover("end"));
        long toldMs =
                view.await(
                        stage.sites(),
                        "withdrawn",
                        site -> view.count(site, WITHDRAWN) == 1,
                        WAIT_MS);
        result.atMost("withdrawnMs", toldMs, TOLD_MAX_MS, "ms");
        stage.stays("in the cloud", SiteStatus::isAtRest, SETTLE_MS);
        result.exactly("withdrawalLostPackets", stage.lostSince(mark), 0, "packets");
        int sites = stage.sites().size();
        result.exactly("recoveries", stage.countRecoveries(stage.sites()), sites, "times");
        result.exactly("activated", stage.countEvents(LabEvent.ACTIVATED), sites, "events");
        result.exactly("stopped", stage.countEvents(LabEvent.STOPPED), sites, "events");
        boolean isTcpWell = stage.traffic().tcp().survived();
        result.exactly("tcpSessionsSurvived", isTcpWell ? 1 : 0, 1, "sessions");
    }

    /** An appliance as it was before everything, that was not there meanwhile. */
    private void refuse(Path before, ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.phase(stale.name() + " starts again with its certificate of the old authority");
        Map<Direction, Long> mark = stage.mark();
        stale.kill();
        for (String file : List.of("key.pem", "certificate.pem")) {
            copy(before.resolve(file), identity().resolve(file));
        }
        stale.start();
        long refusedMs = view.await(List.of(stale), "refused", view::isRefusedByPop, WAIT_MS);
        stage.phase("PoP: " + stale.ask("status").path("pop").path("refusal").asString(""));
        result.atMost("refusedMs", refusedMs, REFUSED_MAX_MS, "ms");
        Thread.sleep(HOLD_MS);
        result.exactly("tunnelsOfTheOldOne", view.living(stale), 0, "tunnels");
        JsonNode inside = stage.pop().ask("status");
        result.exactly("attachedByTheOldOne", view.attached(inside, stale.name()), 0, "sites");
        long lost =
                stage.lossSince(mark)
                        .of(direction -> !direction.touches(stage.place(stale)))
                        .lost();
        result.exactly("lostBetweenOthers", lost, 0, "packets");
    }

    private Path keepIdentity() throws IOException {
        Path kept = stage.directory().resolve("kept");
        Files.createDirectories(kept);
        for (String file : List.of("key.pem", "certificate.pem")) {
            copy(identity().resolve(file), kept.resolve(file));
        }
        return kept;
    }

    private Path identity() {
        return stage.directory().resolve(stale.name()).resolve("identity");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
