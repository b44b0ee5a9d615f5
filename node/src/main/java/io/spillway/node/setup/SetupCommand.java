package io.spillway.node.setup;

import io.spillway.node.ConfigException;
import io.spillway.node.SiteConfig;
import io.spillway.tap.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spillway setup}: bridges, ways out and settings around a site. */
@Command(
        name = "setup",
        mixinStandardHelpOptions = true,
        description = {
            "Make the network around a site: bridges, ways out by each WAN, settings.",
            "Shows the commands and asks first; what is not confirmed in time undoes itself, also",
            "when this login ends. Done again at each start of the machine."
        })
public final class SetupCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int NO = 1;
    private static final int USAGE = 2;
    private static final int SECONDS_MAX = 3600;

    private final InputStream typed;

    @Spec private CommandSpec spec;

    @Mixin private SetupChoices choices;

    @ArgGroup private Mode mode = new Mode();

    @Option(names = "--yes", description = "Do not ask before; the confirmation is still needed.")
    private boolean isYes;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "for the confirmation (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "/var/lib/spillway-setup",
            description = "what was done, of root's (default: ${DEFAULT-VALUE})")
    private Path state;

    public SetupCommand() {
        this(System.in);
    }

    /**
     * @param typed by the operator
     */
    SetupCommand(InputStream typed) {
        this.typed = typed;
    }

    /** At most one of them. */
    static final class Mode {
        @Option(names = "--dry-run", description = "Print the commands, and those that undo them.")
        private boolean isDry;

        @Option(names = "--confirm", description = "Keep what waits for it.")
        private boolean isConfirm;

        @Option(names = "--undo", description = "Undo what waits for confirmation; else all of it.")
        private boolean isUndo;

        @Option(names = "--boot", description = "Do again what was confirmed, and ask nobody.")
        private boolean isBoot;
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        SetupState saved = new SetupState(state);
        if (mode.isConfirm) {
            return confirm(saved);
        }
        if (mode.isUndo) {
            return undo(saved);
        }
        if (mode.isBoot) {
            return boot(saved);
        }
        SetupPlan plan = plan(choices);
        if (!plan.mistakes().isEmpty()) {
            plan.mistakes().forEach(line -> err().println("spillway: " + line));
            return USAGE;
        }
        return mode.isDry ? show(plan) : tryOut(plan, saved);
    }

    private static SetupPlan plan(SetupChoices choices) throws ConfigException, IOException {
        SiteConfig config = SiteConfig.read(choices.config());
        boolean isIpv4 = config.pops().getFirst().address() instanceof Inet4Address;
        Machine machine = Machine.read(isIpv4 ? "-4" : "-6");
        SetupPlan plan = new SetupPlan();
        new LanSteps(config, choices, machine, plan).add();
        new WanSteps(config, choices, machine, plan, isIpv4).add();
        List<String> openPorts = choices.openPorts();
        if (openPorts != null) {
            new WanGuard(config, openPorts).add(plan);
        }
        return plan;
    }

    private int confirm(SetupState saved) throws IOException {
        if (!saved.confirm()) {
            err().println("spillway: nothing waits for confirmation");
            return NO;
        }
        out().println("confirmed");
        return OK;
    }

    private int undo(SetupState saved) throws IOException {
        String said = saved.undoTrial();
        if (said == null) {
            said = saved.undo();
        }
        if (said == null) {
            err().println("spillway: nothing to undo");
            return NO;
        }
        out().print(said);
        out().println("undone");
        return OK;
    }

    /** What cannot be done does not keep the rest from being done. */
    private int boot(SetupState saved) throws ConfigException, IOException {
        List<String> arguments = saved.choices();
        if (arguments.isEmpty()) {
            return OK;
        }
        SetupChoices chosen = new SetupChoices();
        new CommandLine(chosen).parseArgs(arguments.toArray(String[]::new));
        SetupPlan plan = plan(chosen);
        saved.keep(plan);
        for (SetupPlan.Step step : plan.steps()) {
            try {
                apply(step);
            } catch (IOException e) {
                plan.mistake(e.getMessage());
            }
        }
        plan.mistakes().forEach(line -> err().println("spillway: " + line));
        return plan.mistakes().isEmpty() ? OK : NO;
    }

    private int show(SetupPlan plan) {
        if (plan.isEmpty()) {
            out().println("nothing to do");
            return OK;
        }
        out().print(plan.commands() + "\n# undone by:\n" + plan.undoing());
        out().flush();
        return OK;
    }

    private int tryOut(SetupPlan plan, SetupState saved) throws IOException {
        if (seconds < 1 || seconds > SECONDS_MAX) {
            throw new IllegalArgumentException(
                    "--within %d: expected 1..%d".formatted(seconds, SECONDS_MAX));
        }
        if (saved.isOnTrial()) {
            throw new IOException(
                    "an earlier setup waits for confirmation: spillway setup --confirm, or --undo");
        }
        if (plan.isEmpty()) {
            saved.choose(choices);
            out().println("nothing to do");
            return OK;
        }
        Answers answers = Answers.of(typed);
        if (!isYes) {
            out().print(plan.commands() + "\nDo this? (yes, no) ");
            out().flush();
            if (!answers.isYes()) {
                out().println("nothing was done");
                return NO;
            }
        }
        saved.beginTrial(plan, choices, seconds);
        try {
            for (SetupPlan.Step step : plan.steps()) {
                apply(step);
            }
        } catch (IOException e) {
            saved.undoTrial();
            throw new IOException(e.getMessage() + ": all is undone", e);
        }
        return await(answers, saved);
    }

    private static void apply(SetupPlan.Step step) throws IOException {
        Programs.run("sh", "-ec", step.does());
    }

    private int await(Answers answers, SetupState saved) throws IOException {
        out().print(
                        "Done. Is this machine still reached from outside? Within %d s, yes here or"
                                        .formatted(seconds)
                                + " 'spillway setup --confirm' elsewhere; else all is undone: ");
        out().flush();
        boolean isKept =
                answers.isYesWhile(saved::isOnTrial)
                        ? saved.confirm()
                        : !saved.isOnTrial() && saved.isKept();
        if (!isKept) {
            saved.undoTrial();
        }
        out().println(isKept ? "\nconfirmed" : "\nnot confirmed: all is undone");
        return isKept ? OK : NO;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
