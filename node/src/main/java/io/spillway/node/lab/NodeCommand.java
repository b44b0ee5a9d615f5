package io.spillway.node.lab;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a node's Java machine is started: as the launcher starts a daemon. */
public record NodeCommand(List<String> options, String classPath, String mainClass) {
    private static final String MAIN_CLASS = "io.spillway.node.cli.SpillwayCommand";
    private static final String CACHE = "-XX:AOTCache=";
    private static final String CACHE_OUTPUT = "-XX:AOTCacheOutput=";
    private static final String MORE_OPTIONS_VARIABLE = "SPILLWAY_JAVA_OPTIONS";

    /**
     * A machine that starts with profiles (JEP 515) leaves hot methods to the interpreter until the
     * large compiler is through with them. The first traffic then waits long enough for a site to
     * take a living PoP for dead (docs/performance.md).
     */
    private static final List<String> NO_PROFILES =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");

    /** Nothing outside the lab's own /run. */
    private static final List<String> PRIVATE =
            List.of("-XX:-UsePerfData", "-Djava.io.tmpdir=/run");

    public NodeCommand {
        options = List.copyOf(options);
    }

    /** The product from the class path of this machine, with its cache. */
    public static NodeCommand product() {
        String classPath = System.getProperty("java.class.path");
        return new NodeCommand(PRIVATE, classPath, MAIN_CLASS).with(ownCache()).with(moreOptions());
    }

    private static List<String> ownCache() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith(CACHE))
                .toList();
    }

    private static List<String> moreOptions() {
        String more = System.getenv().getOrDefault(MORE_OPTIONS_VARIABLE, "").strip();
        return more.isEmpty() ? List.of() : List.of(more.split("\\s+"));
    }

    /**
     * The same from another class path.
     *
     * @param cache of the classes there, which need not exist
     */
    public NodeCommand from(String otherClassPath, String cache) {
        return new NodeCommand(withoutCache(), otherClassPath, mainClass)
                .with(List.of(CACHE + cache));
    }

    /** The same, but it leaves at its end in a file which classes its Java machine has loaded. */
    public NodeCommand trainingFor(Path cache) {
        return new NodeCommand(withoutCache(), classPath, mainClass)
                .with(NO_PROFILES)
                .with(List.of(CACHE_OUTPUT + cache));
    }

    private List<String> withoutCache() {
        return options.stream().filter(flag -> !flag.startsWith(CACHE)).toList();
    }

    /** With further options of the Java machine. */
    public NodeCommand with(List<String> more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(more);
        return new NodeCommand(all, classPath, mainClass);
    }

    /** Program and arguments. */
    public List<String> line(String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + Path.of(System.getProperty("spillway.home"), "jvm.options"));
        line.addAll(options);
        line.addAll(List.of("-cp", classPath, mainClass));
        line.addAll(List.of(arguments));
        return line;
    }
}
