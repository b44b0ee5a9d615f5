package io.spillway.node.lab;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a node's Java machine is started: with the launcher's flags, so it runs as we do. */
public record NodeCommand(List<String> options, String classPath, String mainClass) {
    private static final String MAIN_CLASS = "io.spillway.node.cli.SpillwayCommand";
    private static final String SHARED_CLASSES = "-XX:SharedArchiveFile=";
    private static final String DIRECTIVES = "-XX:CompileCommand=";
    private static final List<String> FLAGS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms64m",
                    "-Xmx256m",
                    "-Xshare:auto",
                    "-Xlog:cds=off",
                    "-Xlog:aot=off",
                    // Nothing outside the lab's own /run.
                    "-XX:-UsePerfData",
                    "-Djava.io.tmpdir=/run");

    public NodeCommand {
        options = List.copyOf(options);
    }

    /** The product from the class path of this machine. */
    public static NodeCommand product() {
        return new NodeCommand(ownFlags(), System.getProperty("java.class.path"), MAIN_CLASS);
    }

    /**
     * The same from another class path.
     *
     * @param archive of the classes there, which need not exist
     */
    public NodeCommand from(String otherClassPath, String archive) {
        List<String> flags = new ArrayList<>(options);
        flags.removeIf(flag -> flag.startsWith(SHARED_CLASSES));
        flags.add(SHARED_CLASSES + archive);
        return new NodeCommand(flags, otherClassPath, mainClass);
    }

    /** With further options of the Java machine. */
    public NodeCommand with(List<String> more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(more);
        return new NodeCommand(all, classPath, mainClass);
    }

    private static List<String> ownFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(NodeCommand::isForNodes)
                .toList();
    }

    private static boolean isForNodes(String flag) {
        return flag.startsWith("--")
                || flag.startsWith(SHARED_CLASSES)
                || flag.startsWith(DIRECTIVES);
    }

    /** Program and arguments. */
    public List<String> line(String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(FLAGS);
        line.addAll(options);
        line.addAll(List.of("-cp", classPath, mainClass));
        line.addAll(List.of(arguments));
        return line;
    }
}
