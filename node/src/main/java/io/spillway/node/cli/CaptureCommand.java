package io.spillway.node.cli;

import io.spillway.node.capture.CaptureClient;
import io.spillway.node.capture.CaptureFile;
import io.spillway.node.capture.CaptureFiles;
import io.spillway.node.capture.CaptureRequest;
import io.spillway.node.capture.CaptureTarget;
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
    private static final int FILE_SIZE_MAX = 65_536;
    private static final long BYTES_PER_MIB = 1 << 20;

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

    @Option(
            names = "--file-size",
            paramLabel = "MIB",
            description = "Begin another file after so many: FILE with a number in its name.")
    private int fileSize;

    @Option(
            names = "--files",
            paramLabel = "N",
            defaultValue = "10",
            description = "Keep so many of them, the last ones (default: ${DEFAULT-VALUE}).")
    private int files;

    @Option(
            names = "--secrets",
            description =
                    "With the keys of tunnels, so that Wireshark decrypts them; the daemon's"
                            + " configuration must allow it, and each use is an event.")
    private boolean hasSecrets;

    @Mixin private Daemon daemon;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkFiles();
        if (file.equals(STANDARD_OUTPUT) && isTerminal()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a capture is nothing to look at: expected -w FILE or | …");
        }
        ObjectNode request =
                CaptureRequest.json(points, filter, snapLength, seconds).put("secrets", hasSecrets);
        try (CaptureClient client = CaptureClient.ask(daemon.chosenSocket(), request)) {
            JsonNode begun = client.line();
            if (Daemon.isRefused(begun, spec.commandLine())) {
                return Daemon.refusal(begun);
            }
            note(begun);
            return capture(client);
        }
    }

    private void checkFiles() {
        boolean isSplit = fileSize != 0;
        if (isSplit && (fileSize < 1 || fileSize > FILE_SIZE_MAX || files < 1)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--file-size: expected 1.." + FILE_SIZE_MAX + ", and --files 1 or more");
        }
        if (isSplit && file.equals(STANDARD_OUTPUT)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--file-size: expected -w FILE beside it");
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
        try (CaptureTarget target = open()) {
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

    private CaptureTarget open() throws IOException {
        if (file.equals(STANDARD_OUTPUT)) {
            return CaptureFile.standardOutput();
        }
        Path path = Path.of(file);
        return fileSize == 0
                ? CaptureFile.open(path)
                : new CaptureFiles(path, fileSize * BYTES_PER_MIB, files);
    }

    private int copy(CaptureClient client, CaptureTarget target) throws IOException {
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

    private static String kept(CaptureTarget target) {
        return target.packets() + " packets (" + target.bytes() + " bytes) are in it";
    }

    private static String lost(JsonNode summary) {
        return summary.path("lost").asLong(0) + " lost";
    }
}
