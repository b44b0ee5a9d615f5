package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Keeps asking every site for its status and knows the last answer.
 *
 * <p>One virtual thread per site, so that a site that hangs does not hide the others.
 */
final class SiteWatch implements AutoCloseable {
    private static final long INTERVAL_MS = 100;
    private static final long STALE_NS = 2_000_000_000L;
    private static final long CHECK_MS = 20;
    private final List<NodeProcess> sites;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private volatile boolean isRunning = true;

    /**
     * A status and when its question was asked: it says nothing about anything that happened later.
     */
    private record Answer(SiteStatus status, long askedNs) {}

    SiteWatch(List<NodeProcess> sites) {
        this.sites = List.copyOf(sites);
    }

    void start() {
        for (NodeProcess site : sites) {
            Thread.ofVirtual().name("watch-" + site.name()).start(() -> watch(site));
        }
    }

    private void watch(NodeProcess site) {
        while (isRunning) {
            long askedNs = System.nanoTime();
            try {
                answers.put(site.name(), new Answer(SiteStatus.parse(site.ask("status")), askedNs));
            } catch (IOException e) {
                // No answer yet, or none any more: the last one grows stale, and waiting names the
                // site.
                Thread.onSpinWait();
            }
            sleep(INTERVAL_MS);
        }
    }

    /** The last answer for people. */
    String describe(NodeProcess site) {
        Answer answer = answers.get(site.name());
        if (answer == null) return "no answer yet";
        boolean isStale = System.nanoTime() - answer.askedNs() > STALE_NS;
        return answer.status() + (isStale ? " (no answer since)" : "");
    }

    /**
     * Waits until every site says so in an answer asked for after this call.
     *
     * @return milliseconds waited, or -1 if the time ran out
     */
    long await(Predicate<SiteStatus> condition, long timeoutMs) {
        return await(sites, (site, status) -> condition.test(status), timeoutMs);
    }

    /** The same for some of the sites. */
    long await(
            List<NodeProcess> some,
            BiPredicate<NodeProcess, SiteStatus> condition,
            long timeoutMs) {
        long startNs = System.nanoTime();
        return await(
                () -> some.stream().allMatch(site -> holds(site, condition, startNs)),
                startNs,
                timeoutMs);
    }

    /** Waits until one of them says so. */
    long awaitAny(
            List<NodeProcess> some,
            BiPredicate<NodeProcess, SiteStatus> condition,
            long timeoutMs) {
        long startNs = System.nanoTime();
        return await(
                () -> some.stream().anyMatch(site -> holds(site, condition, startNs)),
                startNs,
                timeoutMs);
    }

    private static long await(BooleanSupplier condition, long startNs, long timeoutMs) {
        while (System.nanoTime() - startNs < timeoutMs * 1_000_000) {
            if (condition.getAsBoolean()) {
                return (System.nanoTime() - startNs) / 1_000_000;
            }
            sleep(CHECK_MS);
            if (Thread.currentThread().isInterrupted()) return -1;
        }
        return -1;
    }

    private boolean holds(
            NodeProcess site, BiPredicate<NodeProcess, SiteStatus> condition, long sinceNs) {
        Answer answer = answers.get(site.name());
        return answer != null
                && answer.askedNs() - sinceNs >= 0
                && condition.test(site, answer.status());
    }

    /** All sites with their last answers, one line each. */
    List<String> describeAll() {
        return sites.stream().map(site -> site.name() + ": " + describe(site)).toList();
    }

    private static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        isRunning = false;
    }
}
