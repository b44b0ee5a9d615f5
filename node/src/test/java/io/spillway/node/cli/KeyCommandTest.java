package io.spillway.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.pop.api.ApiKey;
import io.spillway.node.pop.api.ApiKeys;
import io.spillway.node.pop.api.ApiRole;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
    private static final String POP =
            """
            pop: {name: frankfurt, account: acme}
            listen: {address: 203.0.113.10, device: eth0}
            """;

    @TempDir Path directory;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int key(String... arguments) throws IOException {
        Path config = directory.resolve("pop.yaml");
        if (Files.notExists(config)) {
            String api = "api: {listen: \"127.0.0.1:8080\", store: " + directory + "}\n";
            Files.writeString(config, POP + api);
        }
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of("pop", "key"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return SpillwayCommand.run(
                new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    @Test
    void shouldGiveOutListAndEndKeysAndTellTheAuditLog() throws IOException {
        ApiKeys keys = new ApiKeys(directory, InstantSource.system());

        assertEquals(0, key("add", "noc", "--role", "security", "--scope", "1001,1002"));
        String text = out.toString().strip();
        ApiKey found = keys.find(text);
        assertNotNull(found, text);
        assertEquals(ApiRole.SECURITY, found.role());
        assertEquals(0, key("list"));
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(1).startsWith("noc   security  1001,1002  "), lines.get(1));
        assertEquals(2, key("add", "noc"));
        assertEquals("spillway: there is a key named noc already\n", err.toString());
        assertEquals(0, key("remove", "noc"));
        assertNull(keys.find(text));
        assertEquals(1, key("remove", "noc"));
        assertEquals("spillway: no key named noc\n", err.toString());

        List<String> audit = Files.readAllLines(directory.resolve("audit.log"));
        assertEquals(2, audit.size());
        String user = System.getProperty("user.name");
        assertTrue(audit.get(0).contains("\"who\":\"" + user + "\",\"from\":\"command\""));
        assertTrue(
                audit.get(0)
                        .contains(
                                "\"action\":\"key add noc\",\"after\":\"role security,"
                                        + " scope 1001,1002, expires "),
                audit.get(0));
        assertTrue(audit.get(1).contains("\"action\":\"key remove noc\",\"before\":\"role"));
    }

    @Test
    void shouldRefuseWhatIsNoKey() throws IOException {
        assertEquals(2, key("add", "a b"));
        assertEquals(2, key("add", "noc", "--role", "king"));
        assertTrue(err.toString().contains("expected one of viewer, operator"), err.toString());
        assertEquals(2, key("add", "noc", "--scope", "berlin"));
        assertEquals(2, key("add", "noc", "--days", "0"));
        assertTrue(err.toString().contains("--days 0: expected 1..3650"), err.toString());
        assertEquals(2, key());
        Files.writeString(directory.resolve("pop.yaml"), POP);
        assertEquals(1, key("list"));
        assertTrue(err.toString().endsWith("'api' is not set: this PoP has no API\n"));
    }
}
