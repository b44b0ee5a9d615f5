package io.spillway.node.cli;

import io.spillway.node.capture.CaptureClient;
import io.spillway.node.capture.CaptureFile;
import io.spillway.node.capture.CaptureRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code spillway capture}: packets at any point of their way, as Wireshark reads them. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        description = {
            "Capture packets at any point of their way through the daemon, as a pcapng file.",
            "Ends with Ctrl-C, after --seconds, or when what reads it ends.",
            "Live: spillway capture -w - | tshark -r -"
        })
final class CaptureCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final long LAST_LINE_MAX_S = 5;

    @Option(
            names = {"-w", "--write"},
            paramLabel = "FILE",
            defaultValue = STANDARD_OUTPUT,
            description = "Written anew; - is the standard output (default).")
    private String file;

    @Option(
            names = "--point",
            split = ",",
            paramLabel = "POINT",
            description =
                    "lan-in, post-firewall, pre-seal, wan-out, wan-in, post-open, lan-out, drop;"
                            + " several with commas (default: all).")
    private List<String> points = List.of();

    @Option(
            names = "--filter",
            paramLabel = "EXPR",
            defaultValue = "",
            description = "Only packets that match, as tcpdump takes it (pcap-filter(7)).")
    private String filter;

    @Option(
            names = "--snaplen",
            paramLabel = "BYTES",
            defaultValue = "" + CaptureRequest.SNAP_LENGTH_MAX,
            description = "Kept of each packet (default: ${DEFAULT-VALUE}).")
    private int snapLength;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "0",
            description = "End after so many seconds (default: do not).")
    private int seconds;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (file.equals(STANDARD_OUTPUT) && isTerminal()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a capture is nothing to look at: expected -w FILE or | …");
        }
        ObjectNode request = CaptureRequest.json(points, filter, snapLength, seconds);
        try (CaptureClient client = CaptureClient.ask(daemon.chosenSocket(), request)) {
            JsonNode begun = client.line();
            if (Daemon.isRefused(begun, spec.commandLine())) {
                return Daemon.refusal(begun);
            }
            note(begun);
            return capture(client);
        }
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private void note(JsonNode begun) {
        JsonNode senseless = begun.path("filterMatchesNothingAt");
        if (!senseless.isMissingNode()) {
            spec.commandLine()
                    .getErr()
                    .println("spillway: the filter matches nothing at: " + senseless);
        }
    }

    /** A signal makes the daemon say its last line, and the process end as after one. */
    private int capture(CaptureClient client) throws IOException {
        CountDownLatch done = new CountDownLatch(1);
        Thread onSignal = new Thread(() -> endOf(client, done), "end");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try (CaptureFile target = open()) {
            return copy(client, target);
        } finally {
            done.countDown();
            forget(onSignal);
        }
    }

    private static void endOf(CaptureClient client, CountDownLatch done) {
        try {
            client.end();
            if (done.await(LAST_LINE_MAX_S, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(ExitStatus.OK); // else 128 + the signal's number
            }
        } catch (IOException e) {
            Runtime.getRuntime().halt(ExitStatus.NO); // the daemon has ended it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread onSignal) {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // the signal has come, and the hook waits for us no more
        }
    }

    private CaptureFile open() throws IOException {
        return file.equals(STANDARD_OUTPUT)
                ? CaptureFile.standardOutput()
                : CaptureFile.open(Path.of(file));
    }

    private int copy(CaptureClient client, CaptureFile target) throws IOException {
        try {
            client.copyTo(target);
        } catch (EOFException e) {
            throw new IOException("the daemon has ended; " + kept(target), e);
        } catch (IOException e) {
            if (file.equals(STANDARD_OUTPUT)) {
                return ExitStatus.OK; // who reads has seen enough
            }
            throw new IOException(file + ": " + e.getMessage() + "; " + kept(target), e);
        }
        JsonNode summary = client.line();
        if (file.equals(STANDARD_OUTPUT)) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("spillway: captured " + target.packets() + " packets, " + lost(summary));
        } else {
            daemon.print(summary, spec.commandLine());
        }
        return ExitStatus.OK;
    }

    private static String kept(CaptureFile target) {
        return target.packets() + " packets (" + target.bytes() + " bytes) are in it";
    }

    private static String lost(JsonNode summary) {
        return summary.path("lost").asLong(0) + " lost";
    }
}
