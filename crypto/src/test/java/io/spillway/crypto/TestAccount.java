package io.spillway.crypto;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

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

    public Path authorityFile() {
        return directory.resolve("ca").resolve(IdentityFiles.AUTHORITY);
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

    /** A peer of another make, with an Ed25519 key; its files, but no identity of ours. */
    public CertifiedName issueEd25519(long siteId) throws Exception {
        CertifiedName name = CertifiedName.site(account, siteId, "ed25519");
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] request =
                new JcaPKCS10CertificationRequestBuilder(
                                new X500Name("CN=ed25519"), pair.getPublic())
                        .build(new JcaContentSignerBuilder("Ed25519").build(pair.getPrivate()))
                        .getEncoded();
        Path home = directoryOf(name);
        IdentityFiles.createDirectory(home);
        IdentityFiles.write(
                home.resolve(IdentityFiles.KEY),
                IdentityFiles.SECRET_MODE,
                Pem.encode(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded()));
        IdentityFiles.write(
                home.resolve(IdentityFiles.CERTIFICATE),
                IdentityFiles.PUBLIC_MODE,
                authority.issue(Pem.encode(Pem.CERTIFICATE_REQUEST, request), name));
        return name;
    }
}
