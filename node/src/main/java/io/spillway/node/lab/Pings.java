package io.spillway.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One ICMP echo for every direction, by IPv4 and by IPv6. */
final class Pings {
    private static final String COMMAND = "ip netns exec %s ping -n -q -c 1 -W 1 %s";
    private final LabNetwork network;
    private final List<Direction> directions;
    private final List<String> unanswered = new ArrayList<>();
    private int sent;

    Pings(LabNetwork network, List<Direction> directions) {
        this.network = network;
        this.directions = directions;
    }

    /**
     * @param when for the report, such as "in cut 3"
     */
    void run(String when) throws IOException {
        for (Direction direction : directions) {
            ping(direction, direction.to().hostAddress(), when);
            ping(direction, direction.to().hostAddress6(), when);
        }
    }

    private void ping(Direction direction, String address, String when) throws IOException {
        sent++;
        String from = network.namespace(direction.from().hostNamespace());
        String command = COMMAND.formatted(from, address);
        if (Programs.outcome(List.of(command.split(" "))).status() != 0) {
            unanswered.add(direction + " " + address + " " + when);
        }
    }

    int sent() {
        return sent;
    }

    List<String> unanswered() {
        return unanswered;
    }
}
