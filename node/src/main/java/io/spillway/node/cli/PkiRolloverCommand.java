package io.spillway.node.cli;

import io.spillway.crypto.Authority;
import io.spillway.crypto.AuthorityRollover;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Trust;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway pki rollover}: the next authority takes the place of the one before. */
@Command(
        name = "rollover",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Let a new authority take the place of the one that issues.")
final class PkiRolloverCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    @Command(
            description = "Make the next authority: trusted beside the one that issues.",
            mixinStandardHelpOptions = true)
    int begin(@Parameters(paramLabel = "AUTHORITY", description = PkiCommand.AUTHORITY) Path root)
            throws IOException {
        rollover(root).begin();
        return show(root);
    }

    @Command(
            description = "The next authority issues: running sites and PoPs renew by it.",
            mixinStandardHelpOptions = true)
    int activate(
            @Parameters(paramLabel = "AUTHORITY", description = PkiCommand.AUTHORITY) Path root)
            throws IOException {
        rollover(root).activate();
        return show(root);
    }

    @Command(
            description = "Withdraw the authority before: its certificates count no more.",
            mixinStandardHelpOptions = true)
    int end(
            @Parameters(paramLabel = "AUTHORITY", description = PkiCommand.AUTHORITY) Path root,
            @Option(
                            names = "--force",
                            description = "although nodes have no certificate of the new one yet")
                    boolean isForced)
            throws IOException {
        AuthorityRollover rollover = rollover(root);
        List<CertifiedName> left = rollover.unrenewed();
        left.forEach(name -> err().println("no certificate of the new authority: " + name));
        if (!left.isEmpty() && !isForced) {
            err().println("spillway: nothing withdrawn; --force leaves these nodes outside");
            return ExitStatus.NO;
        }
        rollover.end();
        return show(root);
    }

    private int show(Path root) throws IOException {
        Trust trust = Trust.read(root);
        PrintWriter out = spec.commandLine().getOut();
        for (Authority authority : Authority.all(root, PkiCommand.CLOCK)) {
            out.println(describe(authority, trust));
        }
        out.flush();
        return ExitStatus.OK;
    }

    static String describe(Authority authority, Trust trust) {
        String state = "is trusted";
        if (trust.isWithdrawn(authority.certificate())) {
            state = "is withdrawn";
        } else if (authority.certificate().equals(trust.issuer())) {
            state = "issues";
        }
        return "authority " + Certificates.keyName(authority.certificate()) + " " + state;
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    private static AuthorityRollover rollover(Path root) {
        return new AuthorityRollover(root, PkiCommand.CLOCK);
    }
}
