package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The server on the Internet and hosts that ask it, for stories about who reaches it, and how. */
final class InternetView implements AutoCloseable {
    /** An answer that has not come by then does not come. */
    private static final long FLIGHT_MS = 500;

    private final Stage stage;
    private final HostThreads threads = new HostThreads();
    private final List<InternetAsker> askers = new ArrayList<>();

    InternetView(Stage stage) {
        this.stage = stage;
        Path server = stage.network().namespacePath(InternetServer.NAMESPACE);
        threads.start(server, new InternetServer());
        threads.start(server, new InternetFile(stage.marker()));
    }

    /** Another host, which begins to ask. */
    InternetAsker ask(String namespace) {
        InternetAsker asker = new InternetAsker(namespace);
        askers.add(asker);
        threads.start(stage.network().namespacePath(namespace), asker);
        return asker;
    }

    /** Where each host's questions are now, in the order in which they began. */
    List<Long> mark() {
        return askers.stream().map(InternetAsker::mark).toList();
    }

    /** What became of that host's questions since the mark. */
    StreamLoss lossSince(InternetAsker asker, List<Long> mark) throws InterruptedException {
        long end = asker.mark();
        Thread.sleep(FLIGHT_MS);
        return asker.loss(mark.get(askers.indexOf(asker)), end);
    }

    /** Whether its questions since the mark were all answered, and all seen as of that address. */
    boolean isSeenAs(InternetAsker asker, String address, List<Long> mark)
            throws InterruptedException {
        long end = asker.mark();
        Thread.sleep(FLIGHT_MS);
        long from = mark.get(askers.indexOf(asker));
        Set<String> addresses = new TreeSet<>(asker.addresses(from, end));
        boolean isWhole = end > from && asker.loss(from, end).lost() == 0;
        return isWhole && addresses.equals(Set.of(address));
    }

    /** Bytes that a host of that namespace fetches from the server. */
    long download(String namespace) {
        InternetDownload download = new InternetDownload(stage.marker());
        threads.start(stage.network().namespacePath(namespace), download);
        return download.bytes();
    }

    /** Fails the story if a host's thread ended. */
    void requireWell() throws LabException {
        if (!threads.failures().isEmpty()) {
            throw new LabException(String.join("; ", threads.failures()));
        }
    }

    /** How many of five echoes from the Internet to a host behind a site's appliance come back. */
    int echoesFromOutside(LabSite site) throws IOException {
        String inet = LabSite.INTERNET_NAMESPACE;
        stage.network()
                .in(
                        inet,
                        "ip route replace " + site.hostAddress() + "/32 via " + site.wanAddress());
        String ping = "ip netns exec %s ping -n -c 5 -i 0.2 -W 1 %s";
        List<String> line = List.of(ping.formatted(inet, site.hostAddress()).split(" "));
        return Programs.outcome(line).output().split("bytes from", -1).length - 1;
    }

    @Override
    public void close() {
        threads.close();
    }
}
