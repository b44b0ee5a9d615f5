package io.spillway.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that no reader sees at a glance. {@link Exceptions} lists who is let off. */
class TidyTest {

    private static final Pattern UNNUMBERED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b(?!\\s*\\(#\\d+\\))");
    private static final Pattern TEXT_FILE =
            Pattern.compile(".*\\.(java|xml|sh|md|json|yaml|proto)|(.*/)?(spillway|run)");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z0-9.]+);");
    private static final Pattern SOURCE_ROOT = Pattern.compile("[a-z-]+/src/(main|test)/java/");

    @Test
    void shouldKeepThePacketsWayClean() throws IOException {
        List<PacketsWay.Source> sources = new ArrayList<>();
        for (String file : files()) {
            if (Exceptions.PACKETS_WAY.matcher(file).matches()) {
                sources.add(new PacketsWay.Source(file, read(file)));
            }
        }

        Set<String> findings = PacketsWay.findings(sources, TidyRules.OURS);

        assertTrue(!sources.isEmpty(), "no source found below " + PacketsWay.root());
        assertEquals("", String.join("\n", findings));
    }

    @Test
    void shouldCopyBytesInFewPlaces() {
        assertTrue(
                Exceptions.COPIES.size() <= Exceptions.COPIES_MAX,
                () -> Exceptions.COPIES + ": at most " + Exceptions.COPIES_MAX);
    }

    /** Written as TO-DO (#12). */
    @Test
    void shouldHaveNumberOfIssueBehindEachReminder() throws IOException {
        Set<String> findings = new TreeSet<>();
        for (String file : files()) {
            if (TEXT_FILE.matcher(file).matches()) {
                unnumbered(read(file)).forEach(line -> findings.add(file + ":" + line));
            }
        }
        assertEquals("", String.join("\n", findings));
    }

    @Test
    void shouldHaveEachSourceWhereItsPackageSays() throws IOException {
        Set<String> findings = new TreeSet<>();
        for (String file : files()) {
            if (file.endsWith(".java") && !isInPlace(file, read(file))) {
                findings.add(file);
            }
        }
        assertEquals("", String.join("\n", findings));
    }

    @Test
    void shouldFindUnnumberedReminder() {
        String reminder = "TO" + "DO";

        assertEquals(List.of(2), unnumbered("a\n// " + reminder + ": later\n"));
        assertEquals(List.of(), unnumbered("// " + reminder + " (#12): later\n"));
        assertEquals(List.of(), unnumbered("mapTO" + "DOmain\n"));
    }

    @Test
    void shouldFindMisplacedSource() {
        assertTrue(isInPlace("node/src/main/java/io/a/B.java", "package io.a;\n"));
        assertTrue(!isInPlace("node/src/main/java/io/a/B.java", "package io.b;\n"));
        assertTrue(!isInPlace("node/src/B.java", "package io.b;\n"));
        assertTrue(!isInPlace("node/src/main/java/B.java", "class B {}\n"));
    }

    private static List<Integer> unnumbered(String text) {
        List<Integer> lines = new ArrayList<>();
        List<String> all = text.lines().toList();
        for (int i = 0; i < all.size(); i++) {
            if (UNNUMBERED.matcher(all.get(i)).find()) {
                lines.add(i + 1);
            }
        }
        return lines;
    }

    private static boolean isInPlace(String file, String text) {
        Matcher root = SOURCE_ROOT.matcher(file);
        Matcher name = PACKAGE.matcher(text);
        if (!root.lookingAt() || !name.find()) {
            return false;
        }
        String directory = file.substring(root.end(), file.lastIndexOf('/'));
        return directory.equals(name.group(1).replace('.', '/'));
    }

    /** Of the checkout, without what builds and editors leave in it; relative, with slashes. */
    private static List<String> files() throws IOException {
        Path root = PacketsWay.root();
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.matches("(.*/)?(target|\\.git|\\.idea)/.*|\\.git"))
                    .sorted()
                    .toList();
        }
    }

    private static String read(String file) {
        try {
            return Files.readString(PacketsWay.root().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
