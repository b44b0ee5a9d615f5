package io.spillway.node.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * An Internet: carries datagrams between sockets, each direction of each pair of sockets over a
 * {@link SimPath} of its own. Deterministic by its seed.
 */
public final class SimNetwork {
    private static final int IPV4_UDP_LENGTH = 20 + 8;

    /** Longest IPv4 packet that passes from a place into the Internet, and from there to it. */
    private record Width(int out, int in) {}

    private static final Width WIDE = new Width(65_535, 65_535);

    private record Direction(InetSocketAddress from, InetSocketAddress to) {}

    private record Flight(long arrivalNs, long number, Direction direction, byte[] bytes)
            implements Comparable<Flight> {
        @Override
        public int compareTo(Flight other) {
            int byTime = Long.compare(arrivalNs - other.arrivalNs, 0);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final SimClock clock;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, SimSocket> sockets = new HashMap<>();
    private final Map<Direction, SimPath> paths = new HashMap<>();
    private final Map<InetAddress, SimNat> natOf = new HashMap<>();
    private final Map<InetAddress, SimNat> natAt = new HashMap<>();
    private final Map<InetAddress, Width> widths = new HashMap<>();
    private final PriorityQueue<Flight> flights = new PriorityQueue<>();
    private long number;
    private BiConsumer<InetSocketAddress, byte[]> tap = (to, bytes) -> {};
    private Predicate<byte[]> filter = bytes -> false;
    private InetSocketAddress watched;
    private BiPredicate<InetSocketAddress, byte[]> thief;

    SimNetwork(SimClock clock, long seed) {
        this.clock = clock;
        random = new SplittableRandom(seed);
    }

    SimSocket open(InetSocketAddress local) {
        SimSocket socket = new SimSocket(this, local);
        sockets.put(local, socket);
        return socket;
    }

    void closed(SimSocket socket) {
        sockets.remove(socket.localEndpoint(), socket);
    }

    public SimPath path(InetSocketAddress from, InetSocketAddress to) {
        return paths.computeIfAbsent(new Direction(from, to), _ -> new SimPath());
    }

    /** Sockets on that address are behind {@code nat} from now on. */
    public void putBehind(SimNat nat, InetAddress inner) {
        natOf.put(inner, nat);
        natAt.put(nat.address(), nat);
    }

    /** Longer packets of sockets on that address, or to them, vanish without a word. */
    public void narrow(InetAddress address, int out, int in) {
        widths.put(address, new Width(out, in));
    }

    private Width width(InetSocketAddress socket) {
        return widths.getOrDefault(socket.getAddress(), WIDE);
    }

    /** Sees every datagram that arrives. */
    public void tap(BiConsumer<InetSocketAddress, byte[]> listener) {
        tap = listener;
    }

    /** What it names never arrives. */
    public void dropIf(Predicate<byte[]> dropped) {
        filter = dropped;
    }

    public Collection<InetSocketAddress> endpoints() {
        return sockets.keySet().stream()
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }

    /** Somebody before that socket's door, who takes what he says he takes. */
    public void takeFrom(InetSocketAddress socket, BiPredicate<InetSocketAddress, byte[]> takes) {
        watched = socket;
        thief = takes;
    }

    public void send(InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
        SimPath path = path(from, to);
        path.carried++;
        if (from.equals(watched) && thief.test(to, bytes)) {
            return;
        }
        boolean isTooLong = bytes.length + IPV4_UDP_LENGTH > width(from).out();
        boolean isDropped = path.isCut || isTooLong || filter.test(bytes);
        if (isDropped || random.nextDouble() < path.loss) {
            return;
        }
        Direction direction = outside(from, to);
        if (direction == null) {
            return;
        }
        fly(path, direction, bytes);
        if (random.nextDouble() < path.duplicate) {
            fly(path, direction, bytes);
        }
    }

    /** What does not come as far as the other's NAT opens the own one all the same. */
    void sendNear(InetSocketAddress from, InetSocketAddress to) {
        outside(from, to);
    }

    /** As others see it; null for what a NAT does not let out. */
    private Direction outside(InetSocketAddress from, InetSocketAddress to) {
        SimNat nat = natOf.get(from.getAddress());
        SimNat other = natOf.get(to.getAddress());
        if (other != null) { // a private address leads somewhere only on the same side
            return nat == other ? new Direction(from, to) : null;
        }
        boolean isRefused =
                nat != null && natAt.get(to.getAddress()) == nat && !nat.isHairpinning();
        return isRefused ? null : new Direction(nat == null ? from : nat.out(from, to), to);
    }

    /** Whom a datagram reaches; null: a NAT keeps it. */
    private InetSocketAddress inside(Direction direction) {
        SimNat nat = natAt.get(direction.to().getAddress());
        return nat == null ? direction.to() : nat.in(direction.from(), direction.to().getPort());
    }

    /** Hands over what has arrived by now. */
    void deliver() {
        while (!flights.isEmpty() && flights.peek().arrivalNs() - clock.nanoTime() <= 0) {
            Flight flight = flights.poll();
            InetSocketAddress to = inside(flight.direction());
            SimSocket socket = to == null ? null : sockets.get(to);
            // also what was under way
            boolean isCut = to != null && path(flight.direction().from(), to).isCut;
            boolean isTooLong =
                    to != null && flight.bytes().length + IPV4_UDP_LENGTH > width(to).in();
            if (socket != null && !isCut && !isTooLong) {
                tap.accept(to, flight.bytes());
                socket.arrive(flight.direction().from(), flight.bytes());
            }
        }
    }

    private void fly(SimPath path, Direction direction, byte[] bytes) {
        long jitterNs = path.jitterNs == 0 ? 0 : random.nextLong(path.jitterNs);
        long arrivalNs = clock.nanoTime() + path.delayNs + jitterNs;
        if (path.reorder > 0 && random.nextDouble() < path.reorder) {
            arrivalNs += random.nextLong(path.reorderNs);
        } else {
            boolean isOvertaking = path.isUsed && arrivalNs - path.lastArrivalNs < 0;
            arrivalNs = isOvertaking ? path.lastArrivalNs : arrivalNs;
            path.lastArrivalNs = arrivalNs;
            path.isUsed = true;
        }
        flights.add(new Flight(arrivalNs, number++, direction, bytes));
    }
}
