package io.spillway.node.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Leaves the lab standing and tells how to enter its namespaces from outside. */
final class Keep {
    /** Set by the launcher: its own process, whose only child is the lab. */
    private static final String LAUNCHER_VARIABLE = "SPILLWAY_LAUNCHER_PID";

    private final LabSetup setup;
    private final PrintStream out = System.out;

    Keep(LabSetup setup) {
        this.setup = setup;
    }

    /** Until a signal ends the lab, or a line on standard input where that is a terminal. */
    void stand() throws IOException, InterruptedException {
        out.printf("%nThe lab stands. From another shell, as the same user:%n%n");
        out.printf("    LAB=%s%n", outerPid());
        for (String namespace : setup.network().namespaces()) {
            out.printf("    nsenter --target $LAB %s ip netns exec %s bash%n", flags(), namespace);
        }
        out.printf("%nConfigurations, logs and command sockets: %s there.%n", setup.directory());
        if (System.console() != null && System.console().isTerminal()) {
            out.println("Enter or Ctrl-C ends it.");
            if (System.in.read() >= 0) return;
        }
        new CountDownLatch(1).await();
    }

    /**
     * Without root there is a user namespace too; nsenter refuses to enter one it is in already.
     */
    private static String flags() throws IOException {
        String map = Files.readString(Path.of("/proc/self/uid_map")).strip();
        boolean isOutermost = map.matches("0 +0 +4294967295");
        return (isOutermost ? "" : "--user --preserve-credentials ") + "--mount --pid --net";
    }

    /** Our PID outside: here inside we are told another. */
    private static String outerPid() {
        String launcher = System.getenv(LAUNCHER_VARIABLE);
        if (launcher == null) return "$(pgrep -o -f 'SpillwayCommand lab')";
        return "$(pgrep -P " + launcher + ")";
    }
}
