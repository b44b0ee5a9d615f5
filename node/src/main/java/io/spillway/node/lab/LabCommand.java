package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code spillway lab}: exit status 0 if every check holds, 1 if one does not, 2 for a usage error.
 */
@Command(
        name = "lab",
        description = {
            "Show the main job on this machine: the PoP is cut off, sites talk on.",
            "Sites talk through a PoP; it is cut off, they go on over direct tunnels; it returns, they"
                    + " go back. Needs root, or user namespaces and a /dev/net/tun that users may"
                    + " open (mode 0666, as udev has it)."
        },
        mixinStandardHelpOptions = true,
        subcommands = LabVerifyCommand.class)
public final class LabCommand implements Callable<Integer> {
    private static final Path DIRECTORY = Path.of("/run/spillway-lab");
    private static final String LIST = "list";
    private static final int INTERRUPTED = 130;
    private static final int RTT_MAX_MS = 1000;
    private static final long SIGNAL_MS = 300;

    @Spec private CommandSpec spec;

    /** All is closed: a signal has nothing to end any more. */
    private volatile boolean isOver;

    /** Set by the signal's thread: what fails from now on fails because of it. */
    private volatile boolean isEnding;

    @Option(names = "--sites", defaultValue = "3", description = "Sites, 3 to 8 (default: 3).")
    private int sites;

    @Option(
            names = "--cuts",
            defaultValue = "4",
            description = "Cuts of the PoP, the ways in turn (default: 4).")
    private int cuts;

    @Option(
            names = "--ways",
            paramLabel = "WAY",
            split = ",",
            converter = CutKind.Converter.class,
            description = {
                "How the PoP is cut: sigkill, sigstop, drop (silent), oneWayDrop;",
                "default: all four."
            })
    private List<CutKind> ways = List.of(CutKind.values());

    @Option(names = "--json", paramLabel = "FILE", description = "Leaves a report for machines.")
    private Path json;

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "Leaves a pcap of the Internet, for `spillway lab verify FILE`.")
    private Path capture;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description =
                    "Leaves a picture of the first cut and its return, as they were measured.")
    private Path svg;

    @Option(
            names = "--keep",
            description = "Leaves the lab standing until Ctrl-C and says how to enter it.")
    private boolean keep;

    @Option(names = "--seed", description = "Of the marker and the moments of the cuts.")
    private Long seed;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = {
                "Tells these stories instead of the cuts: some names with commas, all, or",
                "ci (those of .ci/run); list: says which there are."
            })
    private String scenario;

    @Option(
            names = "--rtt",
            paramLabel = "MS",
            defaultValue = "0",
            description = {
                "Round trip between any two of sites and PoP, 0 to 1000",
                "(default: 0, as fast as it goes)."
            })
    private int rtt;

    @Option(
            names = "--calm",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description = {
                "How long the scenarios last in which nothing may happen",
                "(slow-path, full-load): 60s, 10m, 1h (default: 2m)."
            })
    private String calm;

    @Option(names = "--no-recovery", hidden = true, description = "Sites may not recover.")
    private boolean noRecovery;

    @Option(names = "--no-freeze", hidden = true, description = "Sites drop a lost PoP's routes.")
    private boolean noFreeze;

    @Option(names = "--no-cut", hidden = true, description = "The PoP is not really cut.")
    private boolean noCut;

    @Option(names = "--train", hidden = true, description = "Makes a cache for later starts.")
    private Path trained;

    @Option(names = "--short", hidden = true, description = "Looks at each thing more briefly.")
    private boolean isShort;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (LIST.equals(scenario)) {
            ScenarioRun.list(System.out);
            return 0;
        }
        LabOptions options = options();
        List<Scenario> scenarios = scenarios();
        requirePrivateNetwork();
        Screen screen = new Screen(System.out, isTerminal());
        try {
            if (!scenarios.isEmpty()) {
                return tell(scenarios, options, screen);
            }
            LabSetup setup = LabSetup.build(options, Setting.ORDINARY, DIRECTORY);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(setup, screen), "lab-end"));
            try {
                return run(options, setup, screen);
            } catch (IOException | LabException e) {
                screen.close();
                if (!isEnding) System.err.println(setup.nodes().lastWords());
                throw e;
            } finally {
                screen.close();
                close(setup);
            }
        } catch (IOException | LabException e) {
            return fail(options, e.getMessage());
        }
    }

    private List<Scenario> scenarios() {
        if (scenario != null && (keep || capture != null || svg != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--scenario: not with --keep, --capture or --svg");
        }
        if (scenario != null && isGiven("--rtt")) {
            throw new ParameterException(
                    spec.commandLine(), "--rtt: not with --scenario, whose paths are its own");
        }
        List<Scenario> named = named();
        if (isGiven("--calm") && named.stream().noneMatch(Scenario::isCalm)) {
            throw new ParameterException(
                    spec.commandLine(), "--calm: only with --scenario slow-path or full-load");
        }
        return named;
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private List<Scenario> named() {
        try {
            List<Scenario> named = scenario == null ? List.of() : Scenario.named(scenario);
            named.forEach(each -> each.requireSites(sites));
            return named;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--scenario " + scenario + ": " + e.getMessage());
        }
    }

    private int tell(List<Scenario> scenarios, LabOptions options, Screen screen)
            throws IOException, InterruptedException {
        List<ScenarioResult> results = new ArrayList<>();
        for (Scenario each : scenarios) {
            results.add(new ScenarioRun(each, options, DIRECTORY, screen).tell());
        }
        screen.close();
        ScenarioRun.print(results, System.out);
        if (json != null) ScenarioRun.write(json, results);
        return results.stream().allMatch(ScenarioResult::passed) ? 0 : 1;
    }

    private LabOptions options() {
        if (sites < LabSite.COUNT_MIN || sites > LabSite.COUNT_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--sites " + sites + ": expected 3 to 8");
        }
        if (cuts < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--cuts " + cuts + ": expected 1 or more");
        }
        if (rtt < 0 || rtt > RTT_MAX_MS) {
            throw new ParameterException(
                    spec.commandLine(), "--rtt " + rtt + ": expected 0 to " + RTT_MAX_MS);
        }
        return new LabOptions(
                trained == null ? sites : LabTraining.SITES,
                cuts,
                List.copyOf(ways),
                json,
                capture,
                svg,
                keep,
                !noRecovery,
                !noFreeze,
                !noCut,
                rtt,
                calm(),
                trained,
                seed == null ? System.nanoTime() : seed);
    }

    private Duration calm() {
        try {
            Duration duration = Duration.parse("PT" + calm);
            if (duration.isPositive()) return duration;
        } catch (DateTimeParseException e) {
            // The same answer as for a negative one.
        }
        throw new ParameterException(
                spec.commandLine(), "--calm " + calm + ": expected a duration such as 60s or 1h");
    }

    private void requirePrivateNetwork() throws IOException {
        Optional<String> obstacle = PrivateNetwork.obstacle("./spillway lab");
        if (obstacle.isPresent()) throw new ParameterException(spec.commandLine(), obstacle.get());
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private int run(LabOptions options, LabSetup setup, Screen screen)
            throws IOException, InterruptedException, LabException {
        if (trained != null) {
            new LabTraining(setup, trained, screen).run();
            return 0;
        }
        LabTimes times = cuts > LabChecks.MANY_CUTS ? LabTimes.MANY : LabTimes.DEFAULT;
        if (isShort) times = LabTimes.SHORT;
        LabResult result = new Lab(options, setup, times, screen).run();
        List<LabChecks.Check> checks = LabChecks.of(result);
        screen.close();
        System.out.print(new LabReport(result, checks).text());
        if (json != null) LabJson.write(json, result, checks);
        if (capture != null) setup.capture().writeTo(capture);
        boolean passed = LabReport.passed(checks);
        if (!passed) System.out.println(setup.nodes().lastWords());
        if (keep) new Keep(setup).stand();
        return passed ? 0 : 1;
    }

    private int fail(LabOptions options, String reason) throws IOException, InterruptedException {
        // Ctrl-C also ends the small programs the lab waits for: their failure is then no news.
        Thread.sleep(SIGNAL_MS);
        if (isEnding) Thread.sleep(Long.MAX_VALUE);
        System.err.println("spillway lab: " + reason);
        if (options.json() != null) LabJson.writeFailure(options.json(), options.sites(), reason);
        return 1;
    }

    /** Ctrl-C: all processes end now, whatever the main thread is at. */
    private void end(LabSetup setup, Screen screen) {
        if (isOver) return;
        isEnding = true;
        screen.close();
        close(setup);
        Runtime.getRuntime().halt(INTERRUPTED);
    }

    /** Once, by whichever thread comes first. */
    private synchronized void close(LabSetup setup) {
        if (isOver) return;
        setup.close();
        isOver = true;
    }
}
