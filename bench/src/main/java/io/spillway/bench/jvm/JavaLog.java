package io.spillway.bench.jvm;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what {@code -Xlog:gc,safepoint} of a Java machine wrote. */
public final class JavaLog {
    /** What a site is started with; {@code %s} is its directory. */
    public static final List<String> OPTIONS =
            List.of("-Xlog:gc,safepoint:file=%s/java.log:uptime", "-XX:+PrintClassHistogram");

    public static final String FILE = "java.log";

    private static final Pattern SAFEPOINT =
            Pattern.compile("Safepoint \"([^\"]+)\".* Total: +([0-9]+) ns");
    private static final Pattern FULL_COLLECTION =
            Pattern.compile("Pause Full \\(Heap Inspection[^)]*\\).* [0-9]+M->([0-9]+)M");

    /** Those that our own question for a histogram causes. */
    private static final Pattern OWN =
            Pattern.compile("GC_HeapInspection|PrintThreads|PrintJNI|FindDeadlocks");

    private static final int KIB_PER_MIB = 1024;

    private JavaLog() {}

    public static List<Pause> pauses(Stream<String> lines) {
        return lines.map(SAFEPOINT::matcher)
                .filter(Matcher::find)
                .filter(found -> !OWN.matcher(found.group(1)).find())
                .map(found -> new Pause(found.group(1), Long.parseLong(found.group(2))))
                .toList();
    }

    /** In use after each collection that we asked for. */
    public static List<Integer> heapsKib(Stream<String> lines) {
        return lines.map(FULL_COLLECTION::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.parseInt(found.group(1)) * KIB_PER_MIB)
                .toList();
    }
}
