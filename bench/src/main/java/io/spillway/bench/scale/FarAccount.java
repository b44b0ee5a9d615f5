package io.spillway.bench.scale;

import io.spillway.crypto.CertifiedName;
import io.spillway.crypto.Identity;
import io.spillway.crypto.PeerVerifier;
import io.spillway.crypto.handshake.DtlsHandshakes;
import io.spillway.crypto.handshake.HandshakeConfig;
import io.spillway.crypto.handshake.HandshakeFactory;
import io.spillway.node.lab.LabAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The measured account: a PoP, the site under test, and all others, each with a key of its own. */
final class FarAccount {
    static final String NAME = "bench";
    static final String POP = "pop";

    private final Path directory;
    private final LabAccount account;

    /**
     * @param directory for keys and certificates
     */
    FarAccount(Path directory) throws IOException {
        this.directory = directory;
        account = LabAccount.create(directory.resolve("authority"), NAME);
    }

    Path identify(CertifiedName name) throws IOException {
        Path identity = directory.resolve(name.name()).resolve("identity");
        account.identify(identity, name);
        return identity;
    }

    Identity pop() throws IOException {
        return Identity.read(identify(CertifiedName.pop(NAME, POP)));
    }

    Identity site(long id, String name) throws IOException {
        return Identity.read(identify(CertifiedName.site(NAME, id, name)));
    }

    static PeerVerifier verifier(Identity identity) {
        return identity.verifier(InstantSource.system());
    }

    static HandshakeFactory handshakes(Identity identity) {
        return new DtlsHandshakes(HandshakeConfig.of(identity, verifier(identity)));
    }
}
