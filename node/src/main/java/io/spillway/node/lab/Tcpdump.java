package io.spillway.node.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running tcpdump in a namespace, into a classic pcap file. */
final class Tcpdump {
    /**
     * Enough for the marker in any clear packet: link, IP and TCP headers with options, then 32
     * bytes and more.
     */
    private static final int SNAP_LENGTH = 160;

    private static final int BUFFER_KIB = 32 * 1024;
    private static final int END_SECONDS = 5;
    private final Process process;
    private final BufferedReader messages;
    private final Path file;

    private Tcpdump(Process process, Path file) {
        this.process = process;
        this.messages = process.errorReader();
        this.file = file;
    }

    /** Starts it; returns when it captures. {@code device} may be "any". */
    static Tcpdump start(String namespace, String device, Path file) throws IOException {
        // -Z root: in a user namespace there is no other user to become.
        String options = "tcpdump -Z root -n -i %s -s %d -B %d -w %s";
        String command = options.formatted(device, SNAP_LENGTH, BUFFER_KIB, file);
        List<String> words = List.of(("ip netns exec " + namespace + " " + command).split(" "));
        Tcpdump tcpdump = new Tcpdump(new ProcessBuilder(words).start(), file);
        tcpdump.awaitMessage("listening on");
        return tcpdump;
    }

    private void awaitMessage(String words) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.contains(words)) return;
            said.append(line).append(' ');
        }
        throw new IOException("tcpdump: " + said.toString().strip());
    }

    Path file() {
        return file;
    }

    /**
     * Ends it; the file is whole then.
     *
     * @return packets that the kernel had no room to hand over
     */
    long stop() throws IOException {
        // By its handle: Process.destroy() would also close the pipe with its last words.
        process.toHandle().destroy();
        long dropped = 0;
        for (String line = messages.readLine(); line != null; line = messages.readLine()) {
            if (line.endsWith("dropped by kernel")) dropped = Long.parseLong(line.split(" ")[0]);
        }
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        return dropped;
    }

    void kill() {
        process.destroyForcibly();
    }
}
