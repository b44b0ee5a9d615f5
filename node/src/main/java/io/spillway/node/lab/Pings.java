package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One ICMP echo for every direction, by IPv4 and by IPv6. */
final class Pings {
    private static final String COMMAND = "ip netns exec %s ping -n -q -c 1 -W 1 -s %d %s";
    private static final int LENGTH = 56;
    private static final int LARGE_LENGTH = 1000;
    private static final int TOLD_PINGS_MAX = 20;
    private final LabNetwork network;
    private final List<Direction> directions;
    private final int length;
    private final List<String> unanswered = new ArrayList<>();
    private int sent;

    Pings(LabNetwork network, List<Direction> directions) {
        this(network, directions, LENGTH);
    }

    /**
     * @param length of what they carry, bytes
     */
    private Pings(LabNetwork network, List<Direction> directions, int length) {
        this.network = network;
        this.directions = directions;
        this.length = length;
    }

    /** As large as what carries files. */
    static Pings ofLarge(LabNetwork network, List<Direction> directions) {
        return new Pings(network, directions, LARGE_LENGTH);
    }

    /**
     * All at once: where nothing answers, it still takes only a second.
     *
     * @param when for the report, such as "in cut 3"
     */
    void run(String when) throws IOException {
        Map<String, Process> running = new LinkedHashMap<>();
        for (Direction direction : directions) {
            ping(direction, direction.to().hostAddress(), running);
            ping(direction, direction.to().hostAddress6(), running);
        }
        sent += running.size();
        for (Map.Entry<String, Process> ping : running.entrySet()) {
            if (status(ping.getValue()) != 0) unanswered.add(ping.getKey() + " " + when);
        }
    }

    private void ping(Direction direction, String address, Map<String, Process> running)
            throws IOException {
        String from = direction.from().hostNamespace();
        ProcessBuilder ping =
                new ProcessBuilder(COMMAND.formatted(from, length, address).split(" "));
        ping.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        running.put(direction + " " + address, ping.start());
    }

    private static int status(Process ping) throws IOException {
        try {
            return ping.waitFor();
        } catch (InterruptedException e) {
            ping.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Whether the sender is told, by IPv4 and IPv6, that this is administratively prohibited. */
    static boolean isProhibited(Direction direction) throws IOException {
        LabSite to = direction.to();
        return isTold(direction.from(), to.hostAddress(), "Packet filtered")
                && isTold(direction.from(), to.hostAddress6(), "Administratively prohibited");
    }

    /** Again and again: a node that refuses more than 1000 packets a second tells not of each. */
    private static boolean isTold(LabSite from, String address, String words) throws IOException {
        String ping = "ip netns exec %s ping -n -c 1 -W 1 %s";
        List<String> line = List.of(ping.formatted(from.hostNamespace(), address).split(" "));
        for (int i = 0; i < TOLD_PINGS_MAX; i++) {
            if (Programs.outcome(line).output().contains(words)) return true;
        }
        return false;
    }

    int sent() {
        return sent;
    }

    List<String> unanswered() {
        return unanswered;
    }
}
