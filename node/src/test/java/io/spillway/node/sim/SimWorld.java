package io.spillway.node.sim;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.mtu.PathMtu;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.dataplane.agent.Threading;
import io.spillway.node.pop.PopView;
import io.spillway.node.pop.api.EventStore;
import io.spillway.node.site.PopAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Sites, a PoP, their Internet and their hosts in one JVM and one thread, on virtual time. The same
 * seed gives the same run.
 *
 * <pre>
 *   host 10.1.0.10 - site 1 -+               +- site 2 - host 10.2.0.10
 *                            +-  SimNetwork -+
 *   host 10.3.0.10 - site 3 -+       |       +- ...
 *                                   PoP
 * </pre>
 */
public final class SimWorld implements AutoCloseable {
    static final String ACCOUNT = "acme";
    static final InetSocketAddress POP_ENDPOINT = SimPlace.FRANKFURT.tunnel();

    /** So short that it is seen: larger packets are tried again. */
    private static final long STEP_NS = 1_000_000L;

    private static final RecordCiphers CIPHERS = RecordCiphers.choose(RecordCiphers.AUTO);

    private final Path directory;
    private final Random random;
    private final Threading threading;
    private final SimClock clock;
    private final SimNetwork network;
    private final Map<Integer, SimHost> hosts = new TreeMap<>();
    private final Map<Integer, SimSite> sites = new TreeMap<>();
    private final List<SimSite> intruders = new ArrayList<>();
    private final List<SimChannel> channels = new ArrayList<>();
    private final Map<Integer, SiteOptions> options = new HashMap<>();
    private final List<SimStream> streams = new ArrayList<>();
    private final List<SimPlace> places;
    private final List<SimPop> pops = new ArrayList<>();
    private final List<SimNodeLine> nodeLines = new ArrayList<>();
    private AccountPolicy policy = AccountPolicy.FULL_MESH;
    private boolean keepsEvents;
    private final long pathMtuRaiseNs;

    /**
     * @param directory for state; a fresh one
     * @param seed even: the nodes have threads of their own for ports and WAN
     */
    public SimWorld(Path directory, long seed) {
        this(directory, seed, List.of(SimPlace.FRANKFURT), PathMtu.RAISE_INTERVAL_NS);
    }

    /** With several PoP nodes, which all sites prefer in that order. */
    SimWorld(Path directory, long seed, List<SimPlace> places) {
        this(directory, seed, places, PathMtu.RAISE_INTERVAL_NS);
    }

    /** With another interval between attempts of tunnels to send larger packets. */
    SimWorld(Path directory, long seed, long pathMtuRaiseNs) {
        this(directory, seed, List.of(SimPlace.FRANKFURT), pathMtuRaiseNs);
    }

    private SimWorld(Path directory, long seed, List<SimPlace> places, long pathMtuRaiseNs) {
        this.places = places;
        this.directory = directory;
        this.pathMtuRaiseNs = pathMtuRaiseNs;
        threading = seed % 2 == 0 ? Threading.dedicated(2, 2) : Threading.SHARED;
        random = new Random(seed);
        clock = new SimClock(random.nextLong());
        network = new SimNetwork(clock, random.nextLong());
        for (int i = 0; i < places.size(); i++) {
            pops.add(newPop(i, "pop" + i));
            for (int other = 0; other < i; other++) {
                nodeLines.add(new SimNodeLine(this, other, i));
            }
        }
    }

    private SimPop newPop(int index, String state) {
        List<SimPlace> others = new ArrayList<>(places);
        others.remove(index);
        return new SimPop(this, places.get(index), others, directory.resolve(state));
    }

    /** The first PoP has a store of events from now on, also when it starts again. */
    SimWorld keepingEvents() {
        keepsEvents = true;
        killPop();
        startPop();
        return this;
    }

    /** Of a PoP with that directory, opened; null: it has none. */
    EventStore events(Path state) {
        if (!keepsEvents) {
            return null;
        }
        try {
            return EventStore.open(state, clock, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds sites 1 to {@code count}, and turns the world until all of them are ready. */
    public SimWorld withSites(int count, SiteOptions siteOptions) {
        for (int number = 1; number <= count; number++) {
            addSite(number, siteOptions);
        }
        return this;
    }

    public SimSite addSite(int number, SiteOptions siteOptions) {
        options.put(number, siteOptions);
        hosts.computeIfAbsent(number, this::newHost);
        return startSite(number);
    }

    // ---- parts

    long pathMtuRaiseNs() {
        return pathMtuRaiseNs;
    }

    public SimClock clock() {
        return clock;
    }

    public SimNetwork network() {
        return network;
    }

    public RandomGenerator random() {
        return random;
    }

    Threading threading() {
        return threading;
    }

    public SimPop pop() {
        return pop(0);
    }

    public SimPop pop(int index) {
        return pops.get(index);
    }

    List<PopAddress> popAddresses() {
        return places.stream().map(SimPlace::asPop).toList();
    }

    /** Between the first two nodes. */
    SimNodeLine nodeLine() {
        return nodeLines.getFirst();
    }

    public SimSite site(int number) {
        return sites.get(number);
    }

    public Collection<SimSite> sites() {
        return sites.values();
    }

    public SimHost host(int number) {
        return hosts.get(number);
    }

    RecordCiphers ciphers() {
        return CIPHERS;
    }

    // ---- paths

    public SimPath path(int from, int to) {
        return path(from, 0, to, 0);
    }

    /** From a link of one site to a link of another. */
    public SimPath path(int from, int fromLink, int to, int toLink) {
        return network.path(SimSite.endpoint(from, fromLink), SimSite.endpoint(to, toLink));
    }

    public SimPath toPop(int from, int link) {
        return network.path(SimSite.endpoint(from, link), POP_ENDPOINT);
    }

    public SimPath fromPop(int to, int link) {
        return network.path(POP_ENDPOINT, SimSite.endpoint(to, link));
    }

    /** The data's way between a site and the PoP, all links, both directions. */
    public void cutPop(int number, boolean isUpCut, boolean isDownCut) {
        for (int pop = 0; pop < places.size(); pop++) {
            cutPop(number, pop, isUpCut, isDownCut);
        }
    }

    /** The same to one of the nodes. */
    void cutPop(int number, int pop, boolean isUpCut, boolean isDownCut) {
        for (InetSocketAddress end : places.get(pop).ends()) {
            for (int link = 0; link < options.get(number).precedences().size(); link++) {
                InetSocketAddress own = SimSite.endpoint(number, link);
                network.path(own, end).isCut = isUpCut;
                network.path(end, own).isCut = isDownCut;
            }
        }
    }

    public void cutPop(int number, boolean isCut) {
        cutPop(number, isCut, isCut);
    }

    /** Every path that begins or ends at that link. */
    public List<SimPath> pathsOf(int number, int link) {
        InetSocketAddress own = SimSite.endpoint(number, link);
        List<SimPath> all = new ArrayList<>();
        for (InetSocketAddress other : List.copyOf(network.endpoints())) {
            if (!other.equals(own)) {
                all.add(network.path(own, other));
                all.add(network.path(other, own));
            }
        }
        return all;
    }

    public List<SimPath> allPaths() {
        List<SimPath> all = new ArrayList<>();
        List<InetSocketAddress> endpoints = List.copyOf(network.endpoints());
        for (InetSocketAddress from : endpoints) {
            for (InetSocketAddress to : endpoints) {
                if (from != to) {
                    all.add(network.path(from, to));
                }
            }
        }
        return all;
    }

    /** Longer packets to or from a site's link vanish without a word. */
    public void narrow(int number, int link, int mtu) {
        network.narrow(SimSite.endpoint(number, link).getAddress(), mtu, mtu);
    }

    // ---- processes

    AccountPolicy policy() {
        return policy;
    }

    /** Now, and when the PoP starts again. */
    public void setPolicy(AccountPolicy changed) {
        policy = changed;
        pops.forEach(pop -> new PopView(pop.control()).apply(changed));
    }

    public void killPop() {
        killPop(0);
    }

    void killPop(int index) {
        pops.get(index).die();
        channels.forEach(channel -> channel.onPopKilled(index));
    }

    public void startPop() {
        startPop(0);
    }

    void startPop(int index) {
        pops.set(index, newPop(index, "pop" + index));
    }

    /** The PoP's memory is lost as well. */
    public void startEmptyPop() {
        pops.set(0, newPop(0, "pop-" + random.nextInt(1 << 30)));
    }

    public void killSite(int number) {
        SimSite dead = sites.get(number);
        dead.die();
        dead.channel().onSiteKilled();
    }

    public SimSite startSite(int number) {
        SimSite site =
                new SimSite(
                        this,
                        number,
                        "site" + number,
                        options.get(number),
                        directory.resolve("site" + number));
        hosts.get(number).plug(site.port());
        sites.put(number, site);
        site.channel().join(site);
        channels.add(site.channel());
        return site;
    }

    /** A second machine with the ID of a site that exists, and a key of its own. */
    public SimSite startIntruder(int number) {
        return startIntruder(number, "intruder");
    }

    /** The same; it reaches only that one of the nodes. */
    SimSite startIntruder(int number, int pop) {
        SimSite intruder = startIntruder(number);
        for (int other = 0; other < places.size(); other++) {
            if (other != pop) {
                intruder.channel().cut(other, true);
                for (InetSocketAddress end : places.get(other).ends()) {
                    network.path(intruderEndpoint(number), end).isCut = true;
                }
            }
        }
        return intruder;
    }

    private static InetSocketAddress intruderEndpoint(int number) {
        return new InetSocketAddress("198.51.99." + number, 20060);
    }

    /** A copy of a site's disk in a second machine. */
    public SimSite startClone(int number) {
        return startIntruder(number, "site" + number);
    }

    private SimSite startIntruder(int number, String name) {
        InetSocketAddress endpoint = intruderEndpoint(number);
        Path state = directory.resolve("intruder" + number);
        SimSite intruder = SimSite.intruder(this, number, name, endpoint, state);
        intruders.add(intruder);
        intruder.channel().join(intruder);
        channels.add(intruder.channel());
        return intruder;
    }

    /** Whether another machine's channel of that site is up, as the PoP's server finds out. */
    boolean hasRival(SimChannel channel, SimSite site) {
        return channels.stream()
                .anyMatch(other -> other != channel && other.isRivalOf(channel, site));
    }

    public void setOptions(int number, SiteOptions changed) {
        options.put(number, changed);
    }

    // ---- traffic

    public SimStream stream(int from, int to, long intervalMs) {
        return streamTo(from, address(to, 0), intervalMs);
    }

    public SimStream streamTo(int from, int address, long intervalMs) {
        SimStream stream =
                new SimStream(
                        streams.size(),
                        hosts.get(from),
                        address,
                        intervalMs * STEP_NS,
                        clock.nanoTime());
        streams.add(stream);
        return stream;
    }

    /** Streams between all pairs, both ways. */
    public List<SimStream> streams(long intervalMs) {
        List<SimStream> all = new ArrayList<>();
        for (int from : hosts.keySet()) {
            for (int to : hosts.keySet()) {
                if (from != to) {
                    all.add(stream(from, to, intervalMs));
                }
            }
        }
        return all;
    }

    /** Host 10 of a site's network 10.N.net.0. */
    public static int address(int number, int net) {
        return 10 << 24 | number << 16 | net << 8 | 10;
    }

    // ---- time

    public void run(long ms) {
        for (long i = 0; i < ms; i++) {
            step();
        }
    }

    /** Runs until it holds; false when it did not within {@code maxMs}. */
    public boolean runUntil(BooleanSupplier condition, long maxMs) {
        for (long i = 0; i < maxMs; i++) {
            if (condition.getAsBoolean()) {
                return true;
            }
            step();
        }
        return condition.getAsBoolean();
    }

    private void step() {
        clock.advance(STEP_NS);
        network.deliver();
        channels.forEach(SimChannel::poll);
        nodeLines.forEach(SimNodeLine::poll);
        streams.forEach(this::send);
        pops.forEach(SimPop::turn);
        sites.values().forEach(SimSite::turn);
        intruders.forEach(SimSite::turn);
    }

    private void send(SimStream stream) {
        if (!stream.from.knowsGateway()) {
            stream.from.send(stream, 0);
            stream.nextNs = clock.nanoTime() + stream.intervalNs;
            return;
        }
        while (!stream.isStopped && clock.nanoTime() - stream.nextNs >= 0) {
            stream.from.send(stream, stream.nextSequence());
            stream.nextNs += stream.intervalNs;
        }
    }

    private SimHost newHost(int number) {
        return new SimHost(
                "host" + number,
                0x02_00_00_00_01_00L + number,
                address(number, 0),
                SimSite.gateway(number),
                (stream, sequence, at) -> onReceived(stream, sequence));
    }

    /** What no stream sent says nothing. */
    private void onReceived(int stream, int sequence) {
        if (stream < streams.size()) {
            streams.get(stream).onReceived(sequence);
        }
    }

    @Override
    public void close() {
        sites.values().stream().filter(site -> !site.isDead()).forEach(SimSite::die);
        intruders.stream().filter(site -> !site.isDead()).forEach(SimSite::die);
        pops.stream().filter(pop -> !pop.isDead()).forEach(SimPop::die);
    }
}
