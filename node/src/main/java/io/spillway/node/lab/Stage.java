package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What the stories have in common: a lab that is ready, waiting with a limit, losses. */
final class Stage {
    /** What an outage may be (DESIGN §9). */
    static final double OUTAGE_MAX_MS = 500;

    /** The end of an episode is told a second after the last packet. */
    static final long EVENT_MS = 5_000;

    private static final long CHECK_MS = 10;

    /** Between two questions to a command socket: each takes the site some time. */
    private static final long ASK_MS = 50;

    private static final long FLOWING_MS = 100;
    private static final long FLIGHT_MS = 400;
    private static final long TRAFFIC_MAX_MS = 10_000;
    private static final long REST_MAX_MS = 20_000;
    private static final String RECOVERY_LINE = "CLOUD -> RECOVERY";

    private final LabSetup setup;
    private final Setting setting;
    private final LabTimes times;
    private final long calmMs;
    private final Screen screen;
    private final Cutter cutter;

    /** That were started, in the order of the lab's sites. */
    private final List<NodeProcess> running = new ArrayList<>();

    private final Map<NodeProcess, Long> recoveriesBefore = new HashMap<>();
    private long calmEpochMs;

    /**
     * @param calm what a story in which nothing may happen lasts
     */
    Stage(LabSetup setup, Setting setting, LabTimes times, Duration calm, Screen screen) {
        this.setup = setup;
        this.setting = setting;
        this.times = times;
        calmMs = calm.toMillis();
        this.screen = screen;
        cutter = new Cutter(setup.network(), setup.nodes().pop());
        List<NodeProcess> all = setup.nodes().sites();
        boolean isLastLate = setting.last() == Setting.LastSite.LATE;
        running.addAll(isLastLate ? all.subList(0, all.size() - 1) : all);
    }

    NodeProcess pop() {
        return setup.nodes().pop();
    }

    /** The second node that sites prefer. */
    NodeProcess otherPop() {
        return setup.nodes().pops().get(1);
    }

    /** Those that run, or did until the story killed them. */
    List<NodeProcess> sites() {
        return List.copyOf(running);
    }

    /** All but one. */
    List<NodeProcess> sitesBut(NodeProcess one) {
        return running.stream().filter(site -> site != one).toList();
    }

    /** The one that a setting makes different. */
    NodeProcess last() {
        return setup.nodes().sites().getLast();
    }

    LabNetwork network() {
        return setup.network();
    }

    LabSite place(NodeProcess site) {
        return network().sites().get(setup.nodes().sites().indexOf(site));
    }

    Cutter cutter() {
        return cutter;
    }

    LabTimes times() {
        return times;
    }

    long calmMs() {
        return calmMs;
    }

    /** Of the lab, while it runs. */
    Path directory() {
        return setup.directory();
    }

    /** From now on all that goes through the Internet suffers this. */
    void impair(Impairments impairments) throws IOException {
        setup.impairment().set(impairments);
    }

    ImpairmentRelay impairment() {
        return setup.impairment();
    }

    LabTraffic traffic() {
        return setup.traffic();
    }

    Marker marker() {
        return setup.marker();
    }

    void phase(String text) {
        screen.phase(text);
    }

    /** Starts everything; returns when every site is ready and traffic flows in all directions. */
    void open() throws IOException, InterruptedException, LabException {
        start();
        awaitReady();
        phase("ready: " + readiness());
        startTraffic();
    }

    void start() throws IOException {
        phase("starting a PoP and " + sites().size() + " sites");
        for (NodeProcess pop : setup.nodes().pops()) {
            pop.start();
        }
        for (NodeProcess site : running) {
            site.start();
        }
        setup.watch().start();
        screen.table(setup.watch()::describeAll);
    }

    void startTraffic() throws InterruptedException, LabException {
        setup.traffic().start();
        awaitFlow(TRAFFIC_MAX_MS);
    }

    /** Starts the site that is late; milliseconds until it answers its commands. */
    long startLast() throws IOException, LabException {
        running.add(last());
        last().start();
        return await("running", status -> true, times.readyTimeout());
    }

    /** Milliseconds until packets arrive in every direction again. */
    long awaitFlow(long maxMs) throws InterruptedException, LabException {
        return awaitFlow(this::isAmongRunning, maxMs);
    }

    long awaitFlow(Predicate<Direction> which, long maxMs)
            throws InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (!setup.traffic().silent(which, FLOWING_MS).isEmpty()) {
            if (System.nanoTime() - startNs > maxMs * 1_000_000) {
                throw new LabException(
                        "no traffic after %d ms: silent %s; %s"
                                .formatted(
                                        maxMs,
                                        setup.traffic().silent(which, FLOWING_MS),
                                        setup.watch().describeAll()));
            }
            Thread.sleep(CHECK_MS);
        }
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    /**
     * An outage or event is the story's only if the streams flowed before it, and nobody recovered:
     * where Java machines just started, the first traffic can be too much for their cores.
     */
    void awaitCalm() throws IOException, InterruptedException, LabException {
        setup.traffic().awaitCalm(this::isAmongRunning);
        await("at rest", SiteStatus::isAtRest, REST_MAX_MS);
        calmEpochMs = System.currentTimeMillis();
        for (NodeProcess site : running) {
            recoveriesBefore.put(site, site.countLines(RECOVERY_LINE));
        }
    }

    private boolean isAmongRunning(Direction direction) {
        return running.stream().filter(site -> direction.touches(place(site))).count() == 2;
    }

    /** Milliseconds until every site says so. */
    long await(String what, Predicate<SiteStatus> condition, long maxMs) throws LabException {
        return await(what, (site, status) -> condition.test(status), maxMs);
    }

    long await(String what, BiPredicate<NodeProcess, SiteStatus> condition, long maxMs)
            throws LabException {
        long ms = setup.watch().await(running, condition, maxMs);
        if (ms < 0) {
            throw new LabException("not " + what + ": " + setup.watch().describeAll());
        }
        return ms;
    }

    /** For so long, every site must go on saying so. */
    void stays(String what, Predicate<SiteStatus> condition, long ms) throws LabException {
        stays(what, (site, status) -> condition.test(status), ms);
    }

    void stays(String what, BiPredicate<NodeProcess, SiteStatus> condition, long ms)
            throws LabException {
        if (setup.watch().awaitAny(running, condition.negate(), ms) >= 0) {
            throw new LabException("no longer " + what + ": " + setup.watch().describeAll());
        }
    }

    /** Until every site's answer to that question is so. */
    void awaitAnswer(String question, String what, Predicate<JsonNode> condition, long maxMs)
            throws IOException, InterruptedException, LabException {
        long startNs = System.nanoTime();
        for (NodeProcess site : running) {
            while (!condition.test(site.ask(question))) {
                if (System.nanoTime() - startNs > maxMs * 1_000_000) {
                    throw new LabException(site.name() + ": " + question + " not " + what);
                }
                Thread.sleep(ASK_MS);
            }
        }
    }

    /** What a story waits for that no site's status says. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** Milliseconds until it holds. */
    long awaitThat(String what, Condition condition, long maxMs)
            throws IOException, InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - startNs > maxMs * 1_000_000) {
                throw new LabException("not " + what + " after " + maxMs + " ms");
            }
            Thread.sleep(ASK_MS);
        }
        return (System.nanoTime() - startNs) / 1_000_000;
    }

    /** Each site to all others. */
    void awaitReadyOnAltWan() throws IOException, InterruptedException, LabException {
        int others = running.size() - 1;
        awaitAnswer(
                "readiness",
                "complete on Alt WAN",
                answer -> Readiness.parse(answer.path("altWan")).isComplete(others),
                times.readyTimeout());
    }

    /** Every site is ready for all others, whether or not a PoP is there. */
    void awaitReady() throws InterruptedException, LabException {
        long startNs = System.nanoTime();
        while (!isReady()) {
            if (System.nanoTime() - startNs > times.readyTimeout() * 1_000_000) {
                throw new LabException("not ready: " + readiness());
            }
            Thread.sleep(ASK_MS);
        }
    }

    Map<String, Readiness> readiness() {
        Map<String, Readiness> readiness = setup.nodes().readiness();
        readiness.keySet().retainAll(running.stream().map(NodeProcess::name).toList());
        return readiness;
    }

    private boolean isReady() {
        Map<String, Readiness> readiness = readiness();
        boolean isOneDisabled = setting.last() == Setting.LastSite.DISABLED;
        if (isOneDisabled && !readiness.remove(last().name()).isDisabled()) return false;
        int others = readiness.size() - 1;
        if (setting == Setting.HUB_AND_SPOKE) {
            String hub = running.getFirst().name();
            return readiness.remove(hub).isComplete(others)
                    && readiness.values().stream().allMatch(it -> it.isComplete(1));
        }
        return readiness.values().stream().allMatch(it -> it.isComplete(others));
    }

    /** The PoP's process starts again, and all return to it without loss. */
    void comeBack(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        phase("the PoP comes back");
        Map<Direction, Long> mark = mark();
        pop().start();
        await("in the cloud", SiteStatus::isInCloud, times.returnTimeout());
        await("at rest", SiteStatus::isAtRest, EVENT_MS);
        result.exactly("returnLostPackets", lostSince(mark), 0, "packets");
    }

    Map<Direction, Long> mark() {
        return setup.traffic().mark(0);
    }

    /** Packets lost since the mark, but for what may still be on its way. */
    long lostSince(Map<Direction, Long> mark) throws InterruptedException {
        return lossSince(mark).lost();
    }

    /** Between all that run. */
    Losses lossSince(Map<Direction, Long> mark) throws InterruptedException {
        return lossSince(mark, FLIGHT_MS);
    }

    /**
     * @param flightMs how long a packet may be on its way
     */
    Losses lossSince(Map<Direction, Long> mark, long flightMs) throws InterruptedException {
        Map<Direction, Long> end = mark();
        Thread.sleep(flightMs);
        return new Losses(setup.traffic().loss(mark, end)).of(this::isAmongRunning);
    }

    /** How often sites told of that event since all was calm. */
    long countEvents(String words) throws IOException {
        return countEvents(running, words);
    }

    long countEvents(List<NodeProcess> some, String words) throws IOException {
        List<String> names = some.stream().map(NodeProcess::name).toList();
        return events().stream()
                .filter(event -> names.contains(event.site()) && event.says(words))
                .count();
    }

    /** How often those lost their cloud since all was calm, whether or not traffic flowed. */
    long countRecoveries(List<NodeProcess> some) throws IOException {
        long count = 0;
        for (NodeProcess site : some) {
            count += site.countLines(RECOVERY_LINE) - recoveriesBefore.get(site);
        }
        return count;
    }

    /** What all sites' journals say since all was calm, in order of time. */
    List<LabEvent> events() throws IOException {
        return setup.nodes().events().stream()
                .filter(event -> event.epochMs() >= calmEpochMs)
                .toList();
    }
}
