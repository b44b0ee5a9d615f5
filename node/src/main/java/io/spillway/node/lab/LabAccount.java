package io.spillway.node.lab;

import io.spillway.crypto.Authority;
import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;

/** An account with an authority of its own, which gives nodes their identities. */
public final class LabAccount {
    /** Below the lab's. */
    static final String DIRECTORY = "authority";

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

    /** The one that was made in a directory before. */
    static LabAccount load(Path directory) throws IOException {
        return load(directory, InstantSource.system());
    }

    /** The same with a clock that may be wrong. */
    static LabAccount load(Path directory, InstantSource clock) throws IOException {
        return new LabAccount(Authority.load(directory, clock));
    }

    /** Makes the node's key and certificate in its identity directory. */
    public void identify(Path identity, CertifiedName name) throws IOException {
        boolean isSite = name.role() == Role.SITE;
        identify(identity, name, isSite ? Authority.SITE_LIFETIME : Authority.POP_LIFETIME);
    }

    /** The same with a certificate that lives so long; a key that is there stays. */
    void identify(Path identity, CertifiedName name, Duration lifetime) throws IOException {
        try {
            String request = Identity.request(identity, name.name());
            String certificate = authority.issue(request, name, lifetime);
            Identity.install(
                    identity, certificate, authority.certificatePem(), authority.revocationsPem());
        } catch (GeneralSecurityException e) {
            throw new IOException("identity of " + name.name() + ": " + e.getMessage(), e);
        }
    }
}
