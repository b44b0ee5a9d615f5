package io.spillway.node.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolTokensTest {
    @TempDir Path state;
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private EnrolTokens tokens;

    @BeforeEach
    void open() {
        tokens = reopened();
    }

    @Test
    void shouldRedeemOnceAlsoAfterRestart() throws IOException {
        byte[] secret = tokens.issue(1001, "berlin");

        EnrolTokens.Grant grant = reopened().redeem(1001, secret);

        assertEquals(1001, grant.siteId());
        assertEquals("berlin", grant.name());
        assertRefused("token was used already", reopened(), 1001, secret);
    }

    @Test
    void shouldRefuseExpired() throws IOException {
        byte[] secret = tokens.issue(1001, "berlin");

        now = now.plus(EnrolTokens.LIFETIME);

        assertRefused("token expired 2026-11-22T12:00:00Z", tokens, 1001, secret);
    }

    @Test
    void shouldRefuseAnotherSiteAndStayGood() throws IOException {
        byte[] secret = tokens.issue(1001, "berlin");

        assertRefused("token was made for another site than 1002", tokens, 1002, secret);

        assertEquals(1001, tokens.redeem(1001, secret).siteId());
    }

    @Test
    void shouldRefuseUnknown() {
        assertRefused("token is not known", tokens, 1001, new byte[JoinToken.SECRET_LENGTH]);
    }

    @Test
    void shouldRefuseDamagedFile() throws IOException {
        byte[] secret = tokens.issue(1001, "berlin");
        Files.writeString(files().getFirst(), "site=");

        EnrolException refused =
                assertThrows(EnrolException.class, () -> tokens.redeem(1001, secret));

        assertTrue(refused.getMessage().endsWith("damaged"));
    }

    @Test
    void shouldKeepNothingButTheHashAndForTheOwnerOnly() throws IOException {
        byte[] secret = tokens.issue(1001, "berlin");

        Path file = files().getFirst();
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        byte[] content = Files.readAllBytes(file);

        assertEquals("rw-------", mode);
        String text = new String(content, StandardCharsets.ISO_8859_1) + file;
        assertFalse(text.contains(new String(secret, StandardCharsets.ISO_8859_1)));
        assertFalse(text.contains(Base64.getUrlEncoder().withoutPadding().encodeToString(secret)));
    }

    @Test
    void shouldForgetWhatIsLongOver() throws IOException {
        tokens.issue(1001, "berlin");
        now = Instant.now().plus(EnrolTokens.REMEMBERED).plus(Duration.ofDays(1));

        tokens.issue(1002, "paris");

        assertEquals(1, files().size());
    }

    @Test
    void shouldLetOneOfManyAtOnceHaveIt() throws Exception {
        byte[] secret = tokens.issue(1001, "berlin");
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            racers.add(() -> wins(secret));
        }

        int won = 0;
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> racer : pool.invokeAll(racers)) {
                won += racer.get() ? 1 : 0;
            }
        }

        assertEquals(1, won);
    }

    private boolean wins(byte[] secret) throws IOException {
        try {
            reopened().redeem(1001, secret);
            return true;
        } catch (EnrolException e) {
            return false;
        }
    }

    private EnrolTokens reopened() {
        return new EnrolTokens(state, () -> now);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("enrol-tokens"))) {
            return files.toList();
        }
    }

    private static void assertRefused(
            String reason, EnrolTokens tokens, long siteId, byte[] secret) {
        EnrolException refused =
                assertThrows(EnrolException.class, () -> tokens.redeem(siteId, secret));
        assertTrue(refused.getMessage().startsWith(reason), refused.getMessage());
    }
}
