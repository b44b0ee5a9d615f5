package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Speakers joined by wires that neither lose nor reorder, and a clock moved by hand. A speaker's
 * neighbour is an end of one wire.
 */
final class BgpWire {
    static final long S = 1_000_000_000L;
    private static final int STEPS_MAX = 10_000_000;

    /** One end: whose, and its number there. */
    record End(int speaker, int neighbour) {}

    /** What waits for delivery. */
    private record Mail(End to, Direction direction, BgpAction action) {}

    private final List<BgpSpeaker> speakers = new ArrayList<>();
    private final Map<String, End> far = new TreeMap<>();
    private final Queue<Mail> mail = new ArrayDeque<>();
    final List<Map<Prefix, PathAttributes>> learnt = new ArrayList<>();
    final List<List<BgpAction>> told = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final Map<Integer, Map<Prefix, List<LearntPath>>> all = new TreeMap<>();
    Function<IpAddress, String> fault = hop -> "";
    Predicate<End> isReachable = end -> true;
    long nowNs = -5 * S; // crosses zero

    int add(NeighbourConfig... neighbours) {
        int index = speakers.size();
        told.add(new ArrayList<>());
        learnt.add(new TreeMap<>());
        counts.add(neighbours.length);
        speakers.add(
                new BgpSpeaker(
                        List.of(neighbours),
                        hop -> fault.apply(hop),
                        action -> onAction(index, action)));
        return index;
    }

    void join(int speaker, int neighbour, int other, int otherNeighbour) {
        far.put(speaker + "/" + neighbour, new End(other, otherNeighbour));
        far.put(other + "/" + otherNeighbour, new End(speaker, neighbour));
    }

    BgpSpeaker speaker(int index) {
        return speakers.get(index);
    }

    private void onAction(int speaker, BgpAction action) {
        told.get(speaker).add(action);
        End to = far.get(speaker + "/" + action.neighbour());
        switch (action) {
            case BgpAction.Connect _ -> mail.add(new Mail(to, Direction.INCOMING, action));
            case BgpAction.Send send -> mail.add(new Mail(to, opposite(send.direction()), action));
            case BgpAction.Close close ->
                    mail.add(new Mail(to, opposite(close.direction()), action));
            default -> {}
        }
    }

    private static Direction opposite(Direction direction) {
        return direction == Direction.OUTGOING ? Direction.INCOMING : Direction.OUTGOING;
    }

    void start() {
        for (int i = 0; i < speakers.size(); i++) {
            for (int n = 0; n < counts.get(i); n++) {
                speakers.get(i).start(n, nowNs);
            }
        }
        settle();
    }

    /** Until nothing is under way. */
    void settle() {
        for (int steps = 0; steps < STEPS_MAX; steps++) {
            boolean isBusy = false;
            for (int i = 0; i < speakers.size(); i++) {
                speakers.get(i).poll(nowNs);
                isBusy |= speakers.get(i).deadlineNs(nowNs) - nowNs <= 0;
                isBusy |= speakers.get(i).takeChanges(listener(i), 1000) > 0;
            }
            Mail next = mail.poll();
            if (next != null) {
                deliver(next);
            } else if (!isBusy) {
                return;
            }
        }
        throw new IllegalStateException("does not settle");
    }

    private void deliver(Mail letter) {
        End to = letter.to();
        if (!isReachable.test(to)) {
            return;
        }
        BgpSpeaker receiver = speakers.get(to.speaker());
        End from = far.get(to.speaker() + "/" + to.neighbour());
        switch (letter.action()) {
            case BgpAction.Connect _ -> {
                boolean isTaken = receiver.onConnected(to.neighbour(), Direction.INCOMING, nowNs);
                BgpSpeaker caller = speakers.get(from.speaker());
                if (!isTaken) {
                    caller.onConnectFailed(from.neighbour(), "refused", nowNs);
                } else if (!caller.onConnected(from.neighbour(), Direction.OUTGOING, nowNs)) {
                    receiver.onClosed(to.neighbour(), Direction.INCOMING, "closed", nowNs);
                }
            }
            case BgpAction.Send send ->
                    receiver.onBytes(
                            to.neighbour(),
                            letter.direction(),
                            send.bytes(),
                            0,
                            send.bytes().length,
                            nowNs);
            default -> receiver.onClosed(to.neighbour(), letter.direction(), "closed", nowNs);
        }
    }

    private BgpSpeaker.RouteListener listener(int index) {
        return (prefix, paths) -> {
            List<LearntPath> before = paths(index).put(prefix, paths);
            if (paths.isEmpty() && before == null) {
                throw new IllegalStateException(prefix + " was not known");
            }
            if (paths.isEmpty()) {
                paths(index).remove(prefix);
            }
            if (paths.isEmpty() || !paths.getFirst().isUsed()) {
                learnt.get(index).remove(prefix);
            } else {
                learnt.get(index).put(prefix, paths.getFirst().attributes());
            }
        };
    }

    /** All that a speaker's neighbours tell, by prefix. */
    Map<Prefix, List<LearntPath>> paths(int index) {
        return all.computeIfAbsent(index, i -> new TreeMap<>());
    }

    /** In steps of a tenth of a second. */
    void pass(double seconds) {
        for (long end = nowNs + (long) (seconds * S); nowNs - end < 0; nowNs += S / 10) {
            settle();
        }
        settle();
    }

    NeighbourView view(int speaker, int neighbour) {
        return speakers.get(speaker).neighbours().get(neighbour);
    }

    boolean isEstablished(int speaker, int neighbour) {
        return view(speaker, neighbour).state() == BgpState.ESTABLISHED;
    }

    String path(int speaker, String prefix) {
        PathAttributes attributes = learnt.get(speaker).get(Prefix.parse(prefix));
        return attributes == null ? null : attributes.asPath();
    }

    IpAddress nextHop(int speaker, String prefix) {
        return learnt.get(speaker).get(Prefix.parse(prefix)).nextHop();
    }
}
