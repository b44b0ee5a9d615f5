package io.spillway.crypto.handshake;

import io.spillway.crypto.Identity;
import io.spillway.crypto.TestAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Two sites of one account, with timers short enough for tests. */
final class TestParty {
    static final InstantSource CLOCK = InstantSource.system();
    static final Duration TIMEOUT = Duration.ofSeconds(15);
    static final Duration FIRST_RESEND = Duration.ofMillis(100);
    static final Duration WINDOW = Duration.ofSeconds(15);

    final TestAccount account;
    final Identity alice;
    final Identity bob;

    TestParty(Path directory) {
        account = new TestAccount(directory, "acme", CLOCK);
        alice = account.site(1001);
        bob = account.site(1002);
    }

    static HandshakeConfig config(Identity identity) {
        return HandshakeConfig.of(identity, identity.verifier(CLOCK))
                .withTimers(TIMEOUT, FIRST_RESEND, WINDOW);
    }

    DtlsHandshakes connector() {
        return new DtlsHandshakes(config(alice));
    }

    DtlsHandshakes acceptor() {
        return new DtlsHandshakes(config(bob));
    }
}
