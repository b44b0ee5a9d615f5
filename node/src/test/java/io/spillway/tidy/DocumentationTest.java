package io.spillway.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.recovery.ReturnCondition;
import io.spillway.dataplane.observe.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people look up by name must be there, and nothing that no longer exists. */
class DocumentationTest {
    private static final Path HOME = Path.of(System.getProperty("spillway.home"));
    private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    /** Shown by {@code spillway drops}, but no drops of the data plane. */
    private static final Set<String> BESIDE_DROPS =
            Set.of(
                    "SOCKET_OVERFLOW",
                    "TAP_QUEUE_FULL",
                    "CONTROL_EVENTS_LOST",
                    "COMMANDS_REFUSED",
                    "READS_POSTPONED",
                    "FLOWS_EVICTED");

    @Test
    void shouldExplainEveryDropReason() throws IOException {
        Set<String> expected = new TreeSet<>(BESIDE_DROPS);
        for (DropReason reason : DropReason.values()) {
            expected.add(reason.name());
        }

        assertEquals(expected, firstCells("docs/drops.md"));
    }

    @Test
    void shouldExplainEveryReturnCondition() throws IOException {
        Set<String> explained = firstCells("docs/recovery.md");

        for (ReturnCondition condition : ReturnCondition.values()) {
            assertTrue(explained.contains(condition.name()), condition.name());
        }
    }

    @Test
    void shouldLinkOnlyToWhatExists() throws IOException {
        Set<String> broken = new TreeSet<>();
        try (Stream<Path> docs = Files.list(HOME.resolve("docs"))) {
            for (Path file : docs.toList()) {
                addBroken(file, broken);
            }
        }
        addBroken(HOME.resolve("README.md"), broken);

        assertEquals(Set.of(), broken);
    }

    private static Set<String> firstCells(String file) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher matcher = FIRST_CELL.matcher(Files.readString(HOME.resolve(file)));
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static void addBroken(Path file, Set<String> broken) throws IOException {
        if (!file.toString().endsWith(".md")) {
            return;
        }
        Matcher matcher = LINK.matcher(Files.readString(file));
        while (matcher.find()) {
            if (Files.notExists(file.resolveSibling(matcher.group(1)))) {
                broken.add(HOME.relativize(file) + ": " + matcher.group(1));
            }
        }
    }
}
