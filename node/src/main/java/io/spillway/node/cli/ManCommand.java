package io.spillway.node.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway man}: the manual, from what the commands say of themselves. */
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = {
            "Print the manual page of a command, or write those of all.",
            "To read one: spillway man tunnels | man -l -"
        })
final class ManCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "As it is typed, such as firewall apply (default: spillway itself).")
    private List<String> names = List.of();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Write the pages of all commands there.")
    private Path directory;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine whole = SpillwayCommand.whole();
        if (directory != null) {
            Files.createDirectories(directory);
            writeAll(whole);
            return ExitStatus.OK;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(ManPage.of(named(whole)));
        out.flush();
        return ExitStatus.OK;
    }

    private CommandLine named(CommandLine whole) {
        CommandLine found = whole;
        for (String name : names) {
            found = found.getSubcommands().get(name);
            if (found == null) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "no command " + String.join(" ", names));
            }
        }
        return found;
    }

    private void writeAll(CommandLine command) throws IOException {
        Files.writeString(directory.resolve(ManPage.fileName(command)), ManPage.of(command));
        for (CommandLine below : command.getSubcommands().values()) {
            writeAll(below);
        }
    }
}
