package io.spillway.bench.tunnel.load;

import io.spillway.node.lab.NamespaceProcess;
import io.spillway.node.lab.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** TCP throughput by iperf3: the server stands at one host, the other host runs the client. */
public final class Iperf implements AutoCloseable {
    /** Slow start and cold code are not measured. */
    private static final int OMITTED_SECONDS = 1;

    private static final int PATIENCE_SECONDS = 10;
    private static final long LISTEN_MS = 3_000;
    private static final long CHECK_MS = 20;
    private static final String LISTENING = "Server listening";
    private static final double BITS_PER_GBIT = 1e9;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Host client;
    private final Host server;
    private final NamespaceProcess listener;

    /** Starts the server; a log that another left there is none of its words. */
    public Iperf(Host client, Host server, Path log) throws IOException, InterruptedException {
        this.client = client;
        this.server = server;
        Files.deleteIfExists(log);
        List<String> program = nice(List.of("iperf3", "--server", "--forceflush"));
        listener = new NamespaceProcess("iperf3", server.namespace(), program, log);
        listener.start();
        awaitListening();
    }

    private static List<String> nice(List<String> program) {
        List<String> all = new ArrayList<>(List.of("nice", "-n", Integer.toString(Host.NICENESS)));
        all.addAll(program);
        return all;
    }

    private void awaitListening() throws IOException, InterruptedException {
        for (long waitedMs = 0; waitedMs < LISTEN_MS; waitedMs += CHECK_MS) {
            if (listener.lastWords().contains(LISTENING)) return;
            Thread.sleep(CHECK_MS);
        }
        throw new IOException("iperf3 server does not listen: " + listener.lastWords());
    }

    /**
     * What one run moved.
     *
     * @param gbps without the first second
     * @param gigabits all of it
     */
    public record Throughput(double gbps, double gigabits) {}

    /**
     * @param isReverse the server sends
     */
    public Throughput run(int streams, boolean isReverse, int seconds) throws IOException {
        return run(streams, isReverse, seconds, List.of());
    }

    /**
     * @param segmentLength bytes of TCP options and payload in a packet, at most
     */
    public Throughput run(int streams, boolean isReverse, int seconds, int segmentLength)
            throws IOException {
        List<String> options = List.of("--set-mss", Integer.toString(segmentLength));
        return run(streams, isReverse, seconds, options);
    }

    private Throughput run(int streams, boolean isReverse, int seconds, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", client.namespace()));
        int limit = seconds + OMITTED_SECONDS + PATIENCE_SECONDS;
        command.addAll(List.of("timeout", "--signal=KILL", Integer.toString(limit)));
        command.addAll(nice(List.of("iperf3", "--json", "--connect-timeout", "3000")));
        command.addAll(List.of("--client", server.address().getHostAddress()));
        command.addAll(List.of("--time", Integer.toString(seconds)));
        command.addAll(List.of("--omit", Integer.toString(OMITTED_SECONDS)));
        command.addAll(List.of("--parallel", Integer.toString(streams)));
        if (isReverse) command.add("--reverse");
        command.addAll(options);
        return parse(Programs.outcome(command).output());
    }

    /**
     * @throws IOException with iperf3's own words when it failed
     */
    static Throughput parse(String output) throws IOException {
        int start = output.indexOf('{'); // `nice` may complain before it
        try {
            JsonNode report = JSON.readTree(output.substring(Math.max(0, start)));
            String error = report.path("error").asString("");
            JsonNode received = report.path("end").path("sum_received");
            double gbps = received.path("bits_per_second").asDouble(0) / BITS_PER_GBIT;
            if (!error.isEmpty() || gbps == 0) {
                throw new IOException("iperf3: " + (error.isEmpty() ? "moved nothing" : error));
            }
            return new Throughput(gbps, gigabits(report));
        } catch (JacksonException e) {
            throw new IOException("iperf3: no report; it wrote: " + output.strip(), e);
        }
    }

    private static double gigabits(JsonNode report) {
        double bytes = 0;
        for (JsonNode interval : report.path("intervals")) {
            bytes += interval.path("sum").path("bytes").asDouble(0);
        }
        return bytes * Byte.SIZE / BITS_PER_GBIT;
    }

    @Override
    public void close() {
        listener.close();
    }
}
