package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The PoP nodes and the sites of a lab. */
final class LabNodes implements AutoCloseable {
    private static final long CHECK_MS = 250;
    private final List<NodeProcess> pops;
    private final List<NodeProcess> sites;

    LabNodes(List<NodeProcess> pops, List<NodeProcess> sites) {
        this.pops = List.copyOf(pops);
        this.sites = List.copyOf(sites);
    }

    /** The one that every site prefers. */
    NodeProcess pop() {
        return pops.getFirst();
    }

    /** As the sites prefer them. */
    List<NodeProcess> pops() {
        return pops;
    }

    List<NodeProcess> sites() {
        return sites;
    }

    void start() throws IOException {
        for (NodeProcess pop : pops) {
            pop.start();
        }
        for (NodeProcess site : sites) {
            site.start();
        }
    }

    /** Every site's readiness by its name; {@link Readiness#UNKNOWN} where there is no answer. */
    Map<String, Readiness> readiness() {
        Map<String, Readiness> all = new LinkedHashMap<>();
        for (NodeProcess site : sites) {
            all.put(site.name(), readiness(site));
        }
        return all;
    }

    private static Readiness readiness(NodeProcess site) {
        try {
            return Readiness.parse(site.ask("readiness"));
        } catch (IOException e) {
            return Readiness.UNKNOWN;
        }
    }

    /**
     * Waits until every site is ready for all others.
     *
     * @throws LabException naming the sites that are not in time, or a node that ended
     */
    Map<String, Readiness> awaitReady(long timeoutMs) throws LabException, InterruptedException {
        long startNs = System.nanoTime();
        while (true) {
            Map<String, Readiness> readiness = readiness();
            List<String> missing = missing(readiness);
            if (missing.isEmpty()) return readiness;
            requireAlive();
            if (System.nanoTime() - startNs > timeoutMs * 1_000_000) {
                throw new LabException(
                        "not ready after %d s: %s; expected READY %d/%d at every site"
                                .formatted(
                                        timeoutMs / 1000,
                                        String.join(", ", missing),
                                        sites.size() - 1,
                                        sites.size() - 1));
            }
            Thread.sleep(CHECK_MS);
        }
    }

    private List<String> missing(Map<String, Readiness> readiness) {
        return readiness.entrySet().stream()
                .filter(entry -> !entry.getValue().isComplete(sites.size() - 1))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }

    private void requireAlive() throws LabException {
        for (NodeProcess node : all()) {
            if (!node.isAlive()) {
                throw new LabException(node.name() + " ended by itself");
            }
        }
    }

    /** Names of the nodes that have ended by themselves. */
    List<String> dead() {
        return all().stream().filter(node -> !node.isAlive()).map(NodeProcess::name).toList();
    }

    /** What all sites' journals say, in order of time. */
    List<LabEvent> events() throws IOException {
        List<LabEvent> events = new ArrayList<>();
        for (NodeProcess site : sites) {
            events.addAll(LabEvent.parse(site.name(), site.ask("events")));
        }
        events.sort((a, b) -> Long.compare(a.epochMs(), b.epochMs()));
        return events;
    }

    /** The last log lines of every node. */
    String lastWords() {
        return all().stream()
                .map(node -> "--- " + node.name() + "\n" + node.lastWords())
                .collect(Collectors.joining("\n"));
    }

    private List<NodeProcess> all() {
        List<NodeProcess> all = new ArrayList<>(sites);
        all.addAll(pops);
        return all;
    }

    @Override
    public void close() {
        all().forEach(NodeProcess::terminate); // all at once: each takes its time
        all().forEach(NodeProcess::close);
    }
}
