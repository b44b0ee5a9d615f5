package io.spillway.node.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace that a sleeping process holds, and programs in it. It ends with them: nothing
 * is left behind, even when the test is killed.
 */
public final class RouterHost {
    private static final String HELD_S = "120";
    private static final long END_MAX_S = 5;

    private final Process holder;
    private final List<Process> programs = new ArrayList<>();

    public RouterHost() throws Exception {
        holder = new ProcessBuilder("unshare", "--net", "sleep", HELD_S).start();
        Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
        for (int tries = 0; Files.readSymbolicLink(namespace()).equals(own); tries++) {
            if (tries > 500 || !holder.isAlive()) {
                throw new IOException("no right to make a network namespace");
            }
            Thread.sleep(10);
        }
        run("ip link set lo up");
    }

    public Path namespace() {
        return Path.of("/proc/" + holder.pid() + "/ns/net");
    }

    /** A cable to another host; each side's device gets these addresses. */
    public void cable(String device, List<String> addresses, RouterHost other, List<String> others)
            throws Exception {
        run(
                "ip link add %s type veth peer name eth0 netns %d"
                        .formatted(device, other.holder.pid()));
        up(device, addresses);
        other.up("eth0", others);
    }

    private void up(String device, List<String> addresses) throws Exception {
        for (String address : addresses) {
            String nodad = address.indexOf(':') < 0 ? "" : " nodad";
            run("ip addr add " + address + " dev " + device + nodad);
        }
        run("ip link set " + device + " up");
    }

    /** What it prints. */
    public String run(String command) throws Exception {
        return run(List.of(command.split(" ")));
    }

    String run(List<String> command) throws Exception {
        Process program = start(command);
        String output = new String(program.getInputStream().readAllBytes());
        if (program.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        programs.remove(program);
        return output;
    }

    /** Goes on until {@link #stop} or the end. */
    public Process start(List<String> command) throws Exception {
        List<String> inside = new ArrayList<>();
        inside.addAll(List.of("nsenter", "--net=" + namespace()));
        inside.addAll(command);
        Process program = new ProcessBuilder(inside).redirectErrorStream(true).start();
        programs.add(program);
        return program;
    }

    void stop(Process program) throws InterruptedException {
        program.destroy();
        if (!program.waitFor(END_MAX_S, TimeUnit.SECONDS)) {
            program.destroyForcibly().waitFor();
        }
        programs.remove(program);
    }

    public void close() throws InterruptedException {
        for (Process program : List.copyOf(programs)) {
            stop(program);
        }
        holder.destroyForcibly().waitFor();
    }
}
