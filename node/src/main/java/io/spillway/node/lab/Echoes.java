package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A few ICMP echoes from one address to another, and what came of them.
 *
 * @param said by the program that sent them
 */
record Echoes(String said) {
    /** Sent each time. */
    static final int COUNT = 3;

    private static final String COMMAND =
            "ip netns exec %s ping -n -c " + COUNT + " -i 0.2 -W 1 %s";
    private static final Pattern SUMMARY = Pattern.compile("packets transmitted, (\\d+) received");
    private static final Pattern TTL = Pattern.compile("ttl=(\\d+)");

    static Echoes from(String namespace, String to) throws IOException {
        String line = COMMAND.formatted(namespace, to);
        return new Echoes(Programs.outcome(List.of(line.split(" +"))).output());
    }

    static Echoes from(String namespace, String source, String to) throws IOException {
        return from(namespace, "-I " + source + " " + to);
    }

    int answered() {
        Matcher summary = SUMMARY.matcher(said);
        return summary.find() ? Integer.parseInt(summary.group(1)) : 0;
    }

    int unanswered() {
        return COUNT - answered();
    }

    /** Of the first answer; 0 when there is none. */
    int ttl() {
        Matcher ttl = TTL.matcher(said);
        return ttl.find() ? Integer.parseInt(ttl.group(1)) : 0;
    }

    /** No answer, and the sender was told so. */
    boolean isToldUnreachable() {
        return answered() == 0 && said.contains("nreachable");
    }
}
