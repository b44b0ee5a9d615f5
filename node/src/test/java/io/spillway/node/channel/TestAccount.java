package io.spillway.node.channel;

import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;

/** An account with its authority in a directory of a test. */
public final class TestAccount {
    public static final InstantSource CLOCK = InstantSource.system();

    private final Path directory;
    private final Authority authority;
    private int issued;

    public TestAccount(Path directory, String account) throws IOException {
        this.directory = directory.resolve(account);
        this.authority = Authority.init(authorityDirectory(), account, CLOCK);
    }

    public Path authorityDirectory() {
        return directory.resolve("ca");
    }

    public Authority authority() {
        return authority;
    }

    public Identity site(long siteId) throws IOException {
        return issue(
                CertifiedName.site(
                        authority.account(), siteId, "site-" + Long.toUnsignedString(siteId)));
    }

    public Identity pop() throws IOException {
        return issue(CertifiedName.pop(authority.account(), "frankfurt"));
    }

    /** The identity directory of the last one issued. */
    public Path lastHome() {
        return directory.resolve("identity-" + (issued - 1));
    }

    private Identity issue(CertifiedName name) throws IOException {
        Path home = directory.resolve("identity-" + issued++);
        try {
            String certificate = authority.issue(Identity.request(home, name.name()), name);
            Identity.install(
                    home, certificate, authority.certificatePem(), authority.revocationsPem());
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return Identity.load(home, CLOCK);
    }
}
