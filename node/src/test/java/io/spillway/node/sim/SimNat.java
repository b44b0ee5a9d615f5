package io.spillway.node.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A NAT box with one public address. It tracks connections as Linux does: a tuple of its own port
 * and the remote endpoint belongs to one inner socket, or to the box itself.
 */
public final class SimNat {
    /** Which public port an inner socket gets. */
    public enum Mapping {
        /** Its own, while that is free towards the remote; Linux' masquerade. */
        PRESERVING,
        /** Any, the same for all remotes. */
        STABLE,
        /** Any, another for each remote; Linux' masquerade with random. */
        CHANGING
    }

    /** From whom packets to a public port that is in use pass. */
    public enum Filter {
        ANYBODY,
        WHO_WAS_WRITTEN_TO
    }

    private static final int PORT_MIN = 1024;
    private static final int PORT_COUNT = 65536 - PORT_MIN;
    private static final InetSocketAddress ITSELF = new InetSocketAddress(0);

    private record Tuple(int port, InetSocketAddress remote) {}

    private record Flow(InetSocketAddress inner, InetSocketAddress remote) {}

    private final InetAddress address;
    private final Mapping mapping;
    private Filter filter;
    private final SplittableRandom random;
    private final Map<Tuple, InetSocketAddress> inners = new HashMap<>();
    private final Map<Flow, Integer> ports = new HashMap<>();
    private final Map<InetSocketAddress, Integer> stable = new HashMap<>();
    private final Map<Integer, InetSocketAddress> forwarded = new HashMap<>();
    private boolean isDropping = true;
    private boolean isHairpinning = true;

    public SimNat(String address, Mapping mapping, Filter filter, long seed) {
        this.address = InetAddress.ofLiteral(address);
        this.mapping = mapping;
        this.filter = filter;
        random = new SplittableRandom(seed);
    }

    /** A static rule. */
    public SimNat forward(int port, InetSocketAddress inner) {
        forwarded.put(port, inner);
        return this;
    }

    /** What nobody asked for is taken for the box itself, which blocks the port towards there. */
    public SimNat withoutDrop() {
        isDropping = false;
        return this;
    }

    /** From now on anybody may write to a port that is in use. */
    public void letAnybodyIn() {
        filter = Filter.ANYBODY;
    }

    public SimNat withoutHairpin() {
        isHairpinning = false;
        return this;
    }

    InetAddress address() {
        return address;
    }

    boolean isHairpinning() {
        return isHairpinning;
    }

    /** All mappings are forgotten. */
    public void reboot() {
        inners.clear();
        ports.clear();
        stable.clear();
    }

    /** The public endpoint by which {@code inner} writes to {@code remote}. */
    InetSocketAddress out(InetSocketAddress inner, InetSocketAddress remote) {
        int port = ports.computeIfAbsent(new Flow(inner, remote), _ -> choose(inner, remote));
        inners.put(new Tuple(port, remote), inner);
        return new InetSocketAddress(address, port);
    }

    /** Who gets what {@code remote} wrote to that port; null: nobody. */
    InetSocketAddress in(InetSocketAddress remote, int port) {
        Tuple tuple = new Tuple(port, remote);
        InetSocketAddress known = inners.get(tuple);
        if (known != null) {
            return known == ITSELF ? null : known;
        }
        InetSocketAddress inner = forwarded.get(port);
        if (inner == null && filter == Filter.ANYBODY) {
            inner = userOf(port);
        }
        if (inner != null) {
            inners.put(tuple, inner);
            ports.put(new Flow(inner, remote), port);
        } else if (!isDropping) {
            inners.put(tuple, ITSELF);
        }
        return inner;
    }

    private InetSocketAddress userOf(int port) {
        return ports.entrySet().stream()
                .filter(it -> it.getValue() == port)
                .map(it -> it.getKey().inner())
                .findFirst()
                .orElse(null);
    }

    private int choose(InetSocketAddress inner, InetSocketAddress remote) {
        return switch (mapping) {
            case PRESERVING ->
                    inners.containsKey(new Tuple(inner.getPort(), remote))
                            ? anyPort()
                            : inner.getPort();
            case STABLE -> stable.computeIfAbsent(inner, _ -> anyPort());
            case CHANGING -> anyPort();
        };
    }

    private int anyPort() {
        return PORT_MIN + random.nextInt(PORT_COUNT);
    }
}
