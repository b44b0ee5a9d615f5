package io.spillway.node.pop.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final ApiScope TWO = new ApiScope(Set.of(1001L, -1L));

    @TempDir Path store;
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");

    /** Another process on the same directory. */
    private ApiKeys keys() {
        return new ApiKeys(store, () -> now);
    }

    @Test
    void shouldKnowAKeyAgainUntilItIsRemoved() throws IOException {
        String text = keys().add("noc", ApiRole.OPERATOR, TWO, DAY);

        ApiKey found = keys().find(text);
        assertEquals(new ApiKey("noc", ApiRole.OPERATOR, TWO, now, now.plus(DAY)), found);
        assertTrue(found.scope().includes(-1));
        assertFalse(found.scope().includes(1002));
        assertEquals(found, keys().remove("noc"));
        assertNull(keys().find(text));
        assertNull(keys().remove("noc"));
    }

    @Test
    void shouldExpireToTheSecond() throws IOException {
        ApiKey key = keys().find(keys().add("noc", ApiRole.VIEWER, ApiScope.ALL, DAY));

        assertFalse(key.isExpired(now.plus(DAY).minusSeconds(1)));
        assertTrue(key.isExpired(now.plus(DAY)));
    }

    @Test
    void shouldKeepNoKeyAndLetNobodyElseRead() throws IOException {
        String text = keys().add("noc", ApiRole.VIEWER, ApiScope.ALL, DAY);

        try (Stream<Path> files = Files.list(store.resolve("keys"))) {
            List<Path> all = files.toList();
            assertEquals(1, all.size());
            Path file = all.getFirst();
            assertFalse(Files.readString(file).contains(text));
            assertFalse(file.toString().contains(text));
            assertEquals(
                    PosixFilePermissions.fromString("rw-------"),
                    Files.getPosixFilePermissions(file));
        }
    }

    @Test
    void shouldListByNameAndRefuseTheSameNameAgain() throws IOException {
        String one = keys().add("b", ApiRole.VIEWER, ApiScope.ALL, DAY);
        String other = keys().add("a", ApiRole.SECURITY, TWO, DAY);

        assertNotEquals(one, other);
        assertEquals(List.of("a", "b"), keys().list().stream().map(ApiKey::name).toList());
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> keys().add("a", ApiRole.VIEWER, ApiScope.ALL, DAY));
        assertEquals("there is a key named a already", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "spw_", "../../etc/passwd", "spw_../keys", "\u0000", "x"})
    void shouldKnowNothingElse(String text) throws IOException {
        keys().add("noc", ApiRole.VIEWER, ApiScope.ALL, DAY);

        assertNull(keys().find(text));
        assertNull(keys().find(null));
    }

    @Test
    void shouldNameAFileThatIsDamaged() throws IOException {
        String text = keys().add("noc", ApiRole.VIEWER, ApiScope.ALL, DAY);
        try (Stream<Path> files = Files.list(store.resolve("keys"))) {
            Files.writeString(files.findFirst().orElseThrow(), "name=noc\nrole=king\n");
        }

        IOException refused = assertThrows(IOException.class, () -> keys().find(text));

        assertTrue(
                refused.getMessage()
                        .endsWith(
                                ": damaged: role king: expected one of viewer, operator,"
                                        + " security, administrator"),
                refused.getMessage());
    }

    @Test
    void shouldReadScopesAndSayWhatIsWrong() {
        assertEquals(ApiScope.ALL, ApiScope.parse("all"));
        assertEquals(TWO, ApiScope.parse("18446744073709551615,1001"));
        assertEquals("1001,18446744073709551615", TWO.text());
        for (String bad : List.of("", "1001,", "berlin", "-1", "18446744073709551616")) {
            assertThrows(IllegalArgumentException.class, () -> ApiScope.parse(bad), bad);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new ApiKey("a\nb", ApiRole.VIEWER, ApiScope.ALL, now, now));
    }
}
