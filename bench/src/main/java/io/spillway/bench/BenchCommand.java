package io.spillway.bench;

import io.spillway.bench.appliance.AppliancesCommand;
import io.spillway.bench.bgp.BgpCommand;
import io.spillway.bench.micro.MicroCommand;
import io.spillway.bench.scale.ReturnCommand;
import io.spillway.bench.scale.ScaleCommand;
import io.spillway.bench.tunnel.TunnelCommand;
import io.spillway.bench.verdict.VerdictCommand;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spillway bench}: the launcher starts it with the word {@code bench} taken off. */
@Command(
        name = "spillway bench",
        mixinStandardHelpOptions = true,
        description = "Measure Spillway on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TunnelCommand.class,
            AppliancesCommand.class,
            ScaleCommand.class,
            ReturnCommand.class,
            BgpCommand.class,
            MicroCommand.class,
            VerdictCommand.class
        })
public final class BenchCommand implements Runnable {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @Spec private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** The exit status: 0, 1 (the answer is no), 2 (usage). */
    static int run(String... args) {
        return new CommandLine(new BenchCommand())
                .setExecutionExceptionHandler(
                        (e, command, parsed) -> {
                            if (!(e instanceof IOException)) throw e;
                            command.getErr().println("spillway bench: " + e.getMessage());
                            return FAILED;
                        })
                .setParameterExceptionHandler(
                        (e, all) -> {
                            CommandLine command = e.getCommandLine();
                            String name = command.getCommandSpec().qualifiedName();
                            command.getErr().println(name + ": " + e.getMessage());
                            return USAGE;
                        })
                .execute(args);
    }

    /** Without a subcommand. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, see --help");
    }
}
