package io.spillway.node.bgp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segments that Linux dropped for their TCP MD5 signature (RFC 2385), as counted since the start of
 * the network namespace. Immutable.
 *
 * @param missing from who was to sign
 * @param unexpected from who was not
 * @param wrong made with another password
 */
record SignatureFaults(long missing, long unexpected, long wrong) {
    private static final Logger LOG = LoggerFactory.getLogger(SignatureFaults.class);
    private static final Path COUNTERS = Path.of("/proc/thread-self/net/netstat");
    private static final String EXTENSIONS = "TcpExt:";

    long count() {
        return missing + unexpected + wrong;
    }

    /** What grew most telling since then. */
    String kindSince(SignatureFaults before) {
        return wrong > before.wrong ? "wrong" : missing > before.missing ? "missing" : "unexpected";
    }

    /** Of the calling thread's namespace; all zero where they cannot be read. */
    static SignatureFaults read() {
        try {
            return parse(Files.readAllLines(COUNTERS));
        } catch (IOException e) {
            LOG.warn("TCP MD5 counters: {}", e.toString());
            return new SignatureFaults(0, 0, 0);
        }
    }

    /** Pairs of lines, names and numbers, that begin with the same word. */
    static SignatureFaults parse(List<String> lines) {
        List<String> extensions = lines.stream().filter(l -> l.startsWith(EXTENSIONS)).toList();
        if (extensions.size() < 2) {
            return new SignatureFaults(0, 0, 0);
        }
        List<String> names = List.of(extensions.get(0).split(" "));
        String[] numbers = extensions.get(1).split(" ");
        return new SignatureFaults(
                number(names, numbers, "TCPMD5NotFound"),
                number(names, numbers, "TCPMD5Unexpected"),
                number(names, numbers, "TCPMD5Failure"));
    }

    private static long number(List<String> names, String[] numbers, String name) {
        int index = names.indexOf(name);
        return index < 0 || index >= numbers.length ? 0 : Long.parseLong(numbers[index]);
    }
}
