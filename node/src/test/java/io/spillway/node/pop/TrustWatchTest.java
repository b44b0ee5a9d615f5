package io.spillway.node.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.PopConfig;
import io.spillway.node.channel.TestAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustWatchTest {
    private static final long WAIT_S = 30;

    /** More than the time between two looks. */
    private static final long QUIET_MS = 2_500;

    @TempDir Path directory;
    private final BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();

    @Test
    void shouldTellAtTheStartAndOfEveryChangeAndOutliveBadFiles() throws Exception {
        TestAccount account = new TestAccount(directory, "acme");
        var site = account.site(7).certificate();
        account.pop();
        Path file = directory.resolve("pop.yaml");
        String config =
                "pop: {name: frankfurt, account: acme}\nidentity: %s\nauthority: %s\n"
                        + "listen: {address: 203.0.113.10, device: eth0}\n";
        Files.writeString(file, config.formatted(account.lastHome(), account.authorityDirectory()));
        PopIdentity identity =
                new PopIdentity(PopConfig.read(file), TestAccount.CLOCK, System::nanoTime);
        Path list = account.authorityDirectory().resolve("revoked.crl");

        Runnable onChanged = () -> told.add(identity.verifier().isRevoked(site));
        try (TrustWatch watch = TrustWatch.start(identity, new TrustFeed(), onChanged)) {
            assertEquals(false, told.poll(WAIT_S, TimeUnit.SECONDS));
            assertNull(told.poll(QUIET_MS, TimeUnit.MILLISECONDS), "nothing changed");

            Files.writeString(list, "no list");
            assertNull(told.poll(QUIET_MS, TimeUnit.MILLISECONDS), "nothing of use");

            account.authority().revoke(entry -> entry.name().siteId() == 7);
            assertEquals(true, told.poll(WAIT_S, TimeUnit.SECONDS));
            assertTrue(identity.verifier().isRevoked(site), () -> watch + " runs on");
        }
    }
}
