package io.spillway.node.lab;

import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;

/** An account with an authority of its own, which gives nodes their identities. */
public final class LabAccount {
    private final Authority authority;

    private LabAccount(Authority authority) {
        this.authority = authority;
    }

    /**
     * @param directory of the authority; is made
     */
    public static LabAccount create(Path directory, String name) throws IOException {
        Files.createDirectories(directory.getParent());
        return new LabAccount(Authority.init(directory, name, InstantSource.system()));
    }

    /** Makes the node's key and certificate in its identity directory. */
    public void identify(Path identity, CertifiedName name) throws IOException {
        try {
            String request = Identity.request(identity, name.name());
            String certificate = authority.issue(request, name);
            Identity.install(
                    identity, certificate, authority.certificatePem(), authority.revocationsPem());
        } catch (GeneralSecurityException e) {
            throw new IOException("identity of " + name.name() + ": " + e.getMessage(), e);
        }
    }
}
