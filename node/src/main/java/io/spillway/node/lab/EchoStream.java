package io.spillway.node.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An ICMP echo each 20 ms from one address to another, until it is ended. */
final class EchoStream {
    static final int INTERVAL_MS = 20;
    private static final String COMMAND = "ping -n -i 0.02 -I %s %s";
    private static final int END_S = 3;
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final String REPLY = "bytes from";
    private static final Pattern SEQUENCE = Pattern.compile("icmp_seq=(\\d+)");

    private final NamespaceProcess ping;

    private EchoStream(NamespaceProcess ping) {
        this.ping = ping;
    }

    /**
     * @param directory for its log
     */
    static EchoStream start(Path directory, String namespace, String source, String to)
            throws IOException {
        List<String> command = List.of(COMMAND.formatted(source, to).split(" "));
        String name = "ping-" + source.replace(':', '-') + "-" + STARTED.incrementAndGet();
        Path log = directory.resolve(name + ".log"); // of this one only
        var ping = new NamespaceProcess("ping", namespace, command, log);
        ping.start();
        return new EchoStream(ping);
    }

    /** Ends it: of all up to the last that was answered, those that were not. */
    int lost() throws IOException, LabException {
        if (!ping.isAlive()) {
            throw new LabException("the echoes ended before: " + ping.lastWords());
        }
        Programs.run("kill -INT " + ping.pid());
        ping.awaitEnd(END_S);
        Matcher last = SEQUENCE.matcher(ping.lastLine(REPLY));
        if (!last.find()) {
            throw new LabException("no echo was answered: " + ping.lastWords());
        }
        return Integer.parseInt(last.group(1)) - (int) ping.countLines(REPLY);
    }
}
