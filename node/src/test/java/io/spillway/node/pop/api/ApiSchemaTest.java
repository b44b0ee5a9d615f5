package io.spillway.node.pop.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.event.EventField;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The schema as it is served, against what is written of it. */
class ApiSchemaTest {
    private static final Path HOME = Path.of(System.getProperty("spillway.home"));
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| `([A-Za-z._]+)` \\|");
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir Path directory;
    private EventStore events;
    private ApiCaller caller;
    private EveryField schema;

    @BeforeEach
    void open() throws Exception {
        events = EventStore.open(directory, NOW::toEpochMilli, new Random(7));
        AccountSnapshot empty = new AccountSnapshot("acme", NOW, List.of());
        caller =
                ApiCaller.open(
                        directory,
                        new ApiServer.Source("acme", () -> empty, events, () -> NOW, () -> 0));
        schema = new EveryField(caller);
    }

    @AfterEach
    void close() {
        caller.close();
        events.close();
    }

    /** Added fields are listed in one place in the documentation. */
    @Test
    void shouldListInTheDocumentationWhatIsOurs() throws IOException {
        String text = Files.readString(HOME.resolve("docs/api.md"));
        String section = text.substring(text.indexOf("\n## What is ours\n") + 1);
        section = section.substring(0, section.indexOf("\n## "));
        Set<String> listed = new TreeSet<>();
        Matcher matcher = FIRST_CELL.matcher(section);
        while (matcher.find()) {
            listed.add(matcher.group(1));
        }

        assertEquals(ours(), listed);
    }

    private Set<String> ours() {
        Set<String> ours = new TreeSet<>();
        for (JsonNode type : schema.types()) {
            String name = type.path("name").asString();
            if (isOurs(type)) {
                ours.add(name);
                continue;
            }
            for (String parts : List.of("fields", "enumValues")) {
                for (JsonNode part : type.path(parts)) {
                    if (isOurs(part)) {
                        ours.add(name + "." + part.path("name").asString());
                    }
                }
            }
        }
        return ours;
    }

    private static boolean isOurs(JsonNode element) {
        return element.path("description").asString("").startsWith("Ours.");
    }

    @Test
    void shouldNameEveryFieldThatSitesFill() throws IllegalAccessException {
        Set<String> names = values("EventFieldName");
        for (Field constant : EventField.class.getFields()) {
            String name = (String) constant.get(null);
            assertTrue(names.contains(name), name);
        }
    }

    private Set<String> values(String name) {
        Set<String> values = new TreeSet<>();
        schema.type(name)
                .path("enumValues")
                .forEach(value -> values.add(value.path("name").asString()));
        return values;
    }

    /** R097: of the site and of each link. */
    @Test
    void shouldHaveThePublishedTypes() {
        assertType("[SiteSnapshot!]", "AccountSnapshot", "sites");
        assertType("[DeviceSnapshot!]", "SiteSnapshot", "devices");
        assertType("ConnectivityStatus", "SiteSnapshot", "connectivityStatus");
        assertType("WanRecoveryStatus", "SiteSnapshot", "wanRecoveryStatus");
        assertType("WanRecoveryStatus", "InterfaceSnapshot", "wanRecoveryStatus");
        assertType("BgpState", "InterfaceSnapshot", "bgpState");
        assertType("ID", "InterfaceSnapshot", "previousPopID");
        assertType("Int!", "EventsFeedData", "fetchedCount");
        assertType("[[String!]]", "EventRecord", "flatFields");
        assertEquals(
                Set.of("ready", "partial", "not_ready", "not_applicable"),
                values("WanRecoveryStatus"));
    }

    private void assertType(String expected, String type, String field) {
        assertEquals(expected, EveryField.print(schema.field(type, field).path("type")));
    }
}
