package io.spillway.node.cli;

import io.spillway.crypto.IdentityException;
import io.spillway.node.ConfigException;
import io.spillway.node.lab.LabCommand;
import io.spillway.node.setup.SetupCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** {@code spillway}: the way in. Each subcommand is a class of its own beside this one. */
@Command(
        name = "spillway",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "SD-WAN data plane that keeps sites talking when the cloud is gone.",
        synopsisSubcommandLabel = "COMMAND")
public final class SpillwayCommand implements Runnable {

    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /**
     * @return the exit status, see {@link ExitStatus}
     */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Supplier<CommandLine> asked = args.length == 0 ? null : commands().get(args[0]);
        CommandLine command =
                asked == null
                        ? whole()
                        : new CommandLine(new SpillwayCommand())
                                .addSubcommand(args[0], asked.get());
        return command.setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(SpillwayCommand::onException)
                .setParameterExceptionHandler(SpillwayCommand::onUsage)
                .execute(args);
    }

    /** With all commands that there are. */
    static CommandLine whole() {
        CommandLine command = new CommandLine(new SpillwayCommand());
        commands().forEach((name, made) -> command.addSubcommand(name, made.get()));
        return command;
    }

    /** Made when they are asked for: to make all takes a fifth of a daemon's start. */
    private static Map<String, Supplier<CommandLine>> commands() {
        Map<String, Supplier<CommandLine>> all = new LinkedHashMap<>();
        all.put("site", () -> new CommandLine(SiteCommand.class));
        all.put("pop", SpillwayCommand::pop);
        all.put("lab", () -> new CommandLine(LabCommand.class));
        all.put("check", () -> new CommandLine(CheckCommand.class));
        all.put("setup", () -> new CommandLine(SetupCommand.class));
        all.put("firewall-rules", () -> new CommandLine(FirewallRulesCommand.class));
        all.put("readiness", () -> new CommandLine(ReadinessCommand.class));
        all.put("routes", () -> new CommandLine(RoutesCommand.class));
        all.put("explain", () -> new CommandLine(ExplainCommand.class));
        all.put("capture", () -> new CommandLine(CaptureCommand.class));
        all.put("drill", () -> new CommandLine(DrillCommand.class));
        all.put("bgp", () -> new CommandLine(BgpCommand.class));
        all.put("pki", () -> new CommandLine(PkiCommand.class));
        all.putAll(QueryCommand.all());
        all.put("man", () -> new CommandLine(ManCommand.class));
        all.put("completion", () -> new CommandLine(CompletionCommand.class));
        return all;
    }

    private static CommandLine pop() {
        CommandLine pop = new CommandLine(PopCommand.class);
        QueryCommand.ofPop().forEach(pop::addSubcommand);
        return pop;
    }

    /** Without a subcommand. */
    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "expected a command");
    }

    /** What users cause gets one line a mistake; a bug of ours gets its whole trace. */
    private static int onException(Exception e, CommandLine command, ParseResult parsed)
            throws Exception {
        PrintWriter err = command.getErr();
        switch (e) {
            case ConfigException refused -> err.println(refused.getMessage());
            case IdentityException refused -> err.println(refused.getMessage());
            case IOException failed -> {
                err.println("spillway: " + Failure.inWords(failed));
                return ExitStatus.NO;
            }
            case GeneralSecurityException refused ->
                    err.println("spillway: " + refused.getMessage());
            case IllegalArgumentException refused ->
                    err.println("spillway: " + refused.getMessage());
            default -> throw e;
        }
        return ExitStatus.USAGE;
    }

    private static int onUsage(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
            command.usage(err);
        }
        return ExitStatus.USAGE;
    }
}
