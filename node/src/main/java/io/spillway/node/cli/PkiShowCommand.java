package io.spillway.node.cli;

import io.spillway.crypto.Authority;
import io.spillway.crypto.Certificates;
import io.spillway.crypto.Identity;
import io.spillway.crypto.IssuedCertificate;
import io.spillway.crypto.Trust;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway pki show}: an authority with its book, or a node's identity. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show an authority and what it issued, or a node's identity.")
final class PkiShowCommand implements Callable<Integer> {
    private static final List<String> HEADINGS =
            List.of("ROLE", "ID", "NAME", "VALID UNTIL", "STATE", "AUTHORITY", "SERIAL");

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "an authority's directory or a node's identity directory")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (Files.isDirectory(directory.resolve("issued"))) {
            Trust trust = Trust.read(directory);
            List<Authority> all = Authority.all(directory, PkiCommand.CLOCK);
            out.println("authority of account " + all.getFirst().account());
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADINGS);
            for (Authority authority : all) {
                if (all.size() > 1) {
                    out.println(PkiRolloverCommand.describe(authority, trust));
                }
                boolean isWithdrawn = trust.isWithdrawn(authority.certificate());
                for (IssuedCertificate entry : authority.issued()) {
                    rows.add(row(entry, isWithdrawn));
                }
            }
            out.print(TextTable.of(rows));
        } else {
            Identity identity = Identity.load(directory, PkiCommand.CLOCK);
            out.println(identity.name());
            out.println("valid until " + identity.certificate().getNotAfter().toInstant());
            identity.warnings().forEach(warning -> out.println("warning: " + warning));
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static List<String> row(IssuedCertificate entry, boolean isWithdrawn) {
        String whole = isWithdrawn ? "withdrawn" : "good";
        return List.of(
                entry.name().role().toString(),
                PkiRevokeCommand.id(entry),
                entry.name().name(),
                entry.notAfter().toString(),
                entry.isRevoked() ? "revoked" : whole,
                Certificates.authorityOf(entry.certificate()),
                entry.serial().toString(16));
    }
}
