package io.spillway.node.cli;

import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code spillway pki issue}: the certificate of a site or a PoP. */
@Command(
        name = "issue",
        mixinStandardHelpOptions = true,
        description = "Issue a site's or a PoP's certificate.")
final class PkiIssueCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "AUTHORITY", description = PkiCommand.AUTHORITY)
    private Path authority;

    @Parameters(index = "1", paramLabel = "NAME", description = "the node's name")
    private String name;

    @ArgGroup(multiplicity = "1")
    private Role role;

    @ArgGroup(multiplicity = "1")
    private Holder holder;

    private static final class Role {

        @Option(
                names = "--site",
                paramLabel = "ID",
                converter = SiteIdConverter.class,
                description = "a site, with this ID")
        private Long site;

        @Option(names = "--pop", description = "a PoP")
        private boolean isPop;

        private CertifiedName named(String account, String name) {
            return isPop
                    ? CertifiedName.pop(account, name)
                    : CertifiedName.site(account, site, name);
        }
    }

    private static final class Holder {

        @Option(
                names = "--request",
                paramLabel = "FILE",
                description = "the node's signing request; the certificate is printed")
        private Path request;

        @Option(
                names = "--identity",
                paramLabel = "DIR",
                description = "the node's identity directory on this machine; all is made in it")
        private Path identity;
    }

    @Override
    public Integer call() throws IOException, GeneralSecurityException {
        Authority issuer = Authority.load(authority, PkiCommand.CLOCK);
        CertifiedName certified = role.named(issuer.account(), name);
        if (holder.request != null) {
            spec.commandLine()
                    .getOut()
                    .print(issuer.issue(Files.readString(holder.request), certified));
            spec.commandLine().getOut().flush();
        } else {
            String certificate = issuer.issue(Identity.request(holder.identity, name), certified);
            Trust trust = Trust.read(authority);
            Identity.install(holder.identity, certificate, trust.bundlePem(), trust.listsPem());
            spec.commandLine().getOut().println(holder.identity + ": " + certified);
        }
        return ExitStatus.OK;
    }
}
