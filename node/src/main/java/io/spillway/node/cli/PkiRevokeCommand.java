package io.spillway.node.cli;

import io.spillway.crypto.Authority;
import io.spillway.crypto.IssuedCertificate;
import io.spillway.crypto.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway pki revoke}: ends the trust in certificates before their time. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Revoke certificates; exit status 1 if none was in force.")
final class PkiRevokeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "AUTHORITY", description = PkiCommand.AUTHORITY)
    private Path authority;

    @ArgGroup(multiplicity = "1")
    private Which which;

    private static final class Which {

        @Option(
                names = "--site",
                paramLabel = "ID",
                converter = SiteIdConverter.class,
                description = "all of the site with this ID")
        private Long site;

        @Option(names = "--pop", paramLabel = "NAME", description = "all of the PoP of this name")
        private String pop;

        @Option(names = "--serial", paramLabel = "HEX", description = "the one of this number")
        private String serial;

        private boolean matches(IssuedCertificate entry) {
            if (serial != null) {
                return entry.serial().toString(16).equalsIgnoreCase(serial);
            }
            return pop != null
                    ? entry.name().role() == Role.POP && entry.name().name().equals(pop)
                    : entry.name().siteId() == site;
        }
    }

    @Override
    public Integer call() throws IOException {
        List<IssuedCertificate> revoked = new ArrayList<>();
        for (Authority each : Authority.all(authority, PkiCommand.CLOCK)) {
            revoked.addAll(each.revoke(which::matches));
        }
        for (IssuedCertificate entry : revoked) {
            String line = "revoked " + entry.serial().toString(16) + ", " + entry.name();
            spec.commandLine().getOut().println(line);
        }
        if (revoked.isEmpty()) {
            spec.commandLine().getErr().println("spillway: no such certificate is in force");
        }
        return revoked.isEmpty() ? ExitStatus.NO : ExitStatus.OK;
    }

    /** A site's ID as text; a PoP has none. */
    static String id(IssuedCertificate entry) {
        return entry.name().role() == Role.SITE
                ? Long.toUnsignedString(entry.name().siteId())
                : "-";
    }
}
