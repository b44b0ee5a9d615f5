package io.spillway.node.enrol;

import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.node.ConfigException;
import io.spillway.node.PopConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code spillway pop enroll-token SITE}: prints what lets one machine join as that site. */
@Command(
        name = "enroll-token",
        mixinStandardHelpOptions = true,
        description = "Print a token with which a new machine joins, once, within 24 hours.")
public final class EnrollTokenCommand implements Callable<Integer> {
    private static final int OK = 0;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "SITE",
            converter = SiteId.class,
            description = "the site's ID, which its certificate will carry")
    private Long site;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "the PoP's configuration, pop.yaml")
    private Path config;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "the site's readable name; default: site-ID")
    private String name;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            converter = Address.class,
            description = "where sites reach this PoP, if not at its listen address")
    private InetAddress address;

    private static final class SiteId implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            if (text.matches("[0-9]{1,20}")) {
                try {
                    long id = Long.parseUnsignedLong(text);
                    if (id != 0) {
                        return id;
                    }
                } catch (NumberFormatException e) {
                    // More than 64 bits: refused below like 0.
                }
            }
            throw new TypeConversionException("'" + text + "': expected 1..18446744073709551615");
        }
    }

    private static final class Address implements ITypeConverter<InetAddress> {
        @Override
        public InetAddress convert(String text) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "': expected an IP address");
            }
        }
    }

    @Override
    public Integer call() throws ConfigException, IOException {
        PopConfig pop = PopConfig.read(config);
        if (pop.authority() == null) {
            throw new EnrolException(
                    config + ": 'authority' is not set: this PoP cannot enrol sites");
        }
        spec.commandLine().getOut().println(token(pop).text());
        return OK;
    }

    private JoinToken token(PopConfig pop) throws IOException {
        InstantSource clock = InstantSource.system();
        Authority authority = Authority.load(pop.authority(), clock);
        String siteName = name == null ? "site-" + Long.toUnsignedString(site) : name;
        CertifiedName certified = CertifiedName.site(authority.account(), site, siteName);
        byte[] secret = new EnrolTokens(pop.state(), clock).issue(site, certified.name());
        InetAddress reachable = address == null ? pop.listen().address() : address;
        InetSocketAddress endpoint = new InetSocketAddress(reachable, pop.listen().channelPort());
        return new JoinToken(site, endpoint, secret, Fingerprint.of(authority.certificate()));
    }
}
