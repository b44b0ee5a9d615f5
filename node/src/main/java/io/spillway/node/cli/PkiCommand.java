package io.spillway.node.cli;

import io.spillway.crypto.Authority;
import io.spillway.crypto.Identity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code spillway pki}: the account's certificate authority by hand. Keys never travel: a node
 * makes a {@code request}, the authority's machine does {@code issue}, the node {@code install}s
 * the answer. Where both are one machine, {@code issue --identity} does all three.
 */
@Command(
        name = "pki",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Run the account's certificate authority.",
        subcommands = {
            PkiIssueCommand.class,
            PkiShowCommand.class,
            PkiRevokeCommand.class,
            PkiRolloverCommand.class,
        })
final class PkiCommand implements Runnable {

    static final InstantSource CLOCK = InstantSource.system();
    static final String AUTHORITY = "the authority's directory";
    static final String IDENTITY = "the node's identity directory";

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    @Command(description = "Make an account's authority.", mixinStandardHelpOptions = true)
    int init(
            @Parameters(paramLabel = "AUTHORITY", description = AUTHORITY) Path directory,
            @Parameters(paramLabel = "ACCOUNT", description = "the account's name") String account)
            throws IOException {
        Authority.init(directory, account, CLOCK);
        out().println(directory + ": authority of account " + account);
        return ExitStatus.OK;
    }

    @Command(
            description = "On a node: make its key, print a signing request.",
            mixinStandardHelpOptions = true)
    int request(
            @Parameters(paramLabel = "IDENTITY", description = IDENTITY) Path identity,
            @Parameters(paramLabel = "NAME", description = "the node's name") String name)
            throws IOException {
        out().print(Identity.request(identity, name));
        out().flush();
        return ExitStatus.OK;
    }

    @Command(
            description = "On a node: put what the authority issued beside the key.",
            mixinStandardHelpOptions = true)
    int install(
            @Parameters(paramLabel = "IDENTITY", description = IDENTITY) Path identity,
            @Parameters(paramLabel = "CERTIFICATE", description = "the issued certificate")
                    Path certificate,
            @Parameters(paramLabel = "AUTHORITY.PEM", description = "the authority's certificate")
                    Path authority,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "REVOKED.CRL",
                            description = "the authority's revocation list")
                    Path revoked)
            throws IOException {
        Identity.install(
                identity,
                Files.readString(certificate),
                Files.readString(authority),
                revoked == null ? null : Files.readString(revoked));
        out().println(identity + ": " + Identity.load(identity, CLOCK).name());
        return ExitStatus.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
