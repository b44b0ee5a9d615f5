package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;

/** An account with its authority in a directory of a test, which issues identities. */
public final class TestAccount {
    private final Path directory;
    private final InstantSource clock;
    private final String account;
    private final Authority authority;

    public TestAccount(Path directory, String account, InstantSource clock) {
        this.directory = directory.resolve(account);
        this.account = account;
        this.clock = clock;
        try {
            this.authority = Authority.init(this.directory.resolve("ca"), account, clock);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Authority authority() {
        return authority;
    }

    public Identity site(long siteId) {
        return issue(CertifiedName.site(account, siteId, "site-" + Long.toUnsignedString(siteId)));
    }

    public Identity pop(String name) {
        return issue(CertifiedName.pop(account, name));
    }

    public Path directoryOf(CertifiedName name) {
        return directory.resolve(name.role() + name.name());
    }

    public Identity issue(CertifiedName name) {
        Path home = directoryOf(name);
        try {
            String certificate = authority.issue(Identity.request(home, name.name()), name);
            Identity.install(
                    home, certificate, authority.certificatePem(), authority.revocationsPem());
            return Identity.load(home, clock);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
