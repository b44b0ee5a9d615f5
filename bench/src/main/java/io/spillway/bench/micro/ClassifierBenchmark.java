package io.spillway.bench.micro;

import io.spillway.dataplane.firewall.Classifier;
import io.spillway.dataplane.firewall.PacketKey;
import io.spillway.dataplane.firewall.PolicyTooLargeException;
import io.spillway.dataplane.firewall.RuleMatch;
import io.spillway.dataplane.firewall.ValueSet;
import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The first rule for a packet that begins a flow. The rules are an access list's: networks of 16 to
 * 32 bits on both sides, one of three of them any; services of one port, some ranges, some any. Of
 * the packets nine of ten are a rule's, any of them, the others are none's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ClassifierBenchmark {
    private static final int SEED = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int PACKETS = 1 << 16;
    private static final int NETWORK = 10 << 24;
    private static final int NETWORK_BITS = 24;
    private static final int PORTS = 1 << 16;
    private static final int[] KNOWN_PORTS = {22, 25, 53, 80, 123, 389, 443, 445, 3389, 5060, 8443};

    @Param({"100", "1000", "10000"})
    public int ruleCount;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final PacketKey key = new PacketKey();
    private final long[] sources = new long[PACKETS];
    private final long[] destinations = new long[PACKETS];
    private final int[] services = new int[PACKETS];
    private Classifier classifier;
    private int next;

    private record Rule(Prefix source, Prefix destination, int protocol, int port, int portMax) {
        RuleMatch match() {
            return new RuleMatch(
                    ValueSet.ANY,
                    set(source),
                    set(destination),
                    protocol == 0
                            ? ValueSet.ANY
                            : ValueSet.range(
                                    PacketKey.service(protocol, port),
                                    PacketKey.service(protocol, portMax)),
                    ValueSet.ANY,
                    ValueSet.ANY);
        }

        private static ValueSet set(Prefix prefix) {
            return prefix.isDefault() ? ValueSet.ANY : ValueSet.of(prefix);
        }
    }

    @Setup
    public void start() throws PolicyTooLargeException {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < ruleCount; i++) {
            rules.add(rule());
        }
        classifier = new Classifier(rules.stream().map(Rule::match).toList());
        for (int i = 0; i < PACKETS; i++) {
            boolean isNone = random.nextInt(10) == 0;
            Rule of = isNone ? rule() : rules.get(random.nextInt(ruleCount));
            sources[i] = ValueSet.mapped(address(of.source));
            destinations[i] = ValueSet.mapped(address(of.destination));
            int protocol = of.protocol == 0 ? TCP : of.protocol;
            int port = of.protocol == 0 ? random.nextInt(PORTS) : of.port;
            services[i] = PacketKey.service(protocol, port);
        }
    }

    private Rule rule() {
        int kind = random.nextInt(10);
        int protocol = kind == 0 ? 0 : kind < 7 ? TCP : UDP;
        int port = KNOWN_PORTS[random.nextInt(KNOWN_PORTS.length)];
        int from = kind == 5 ? 1024 : kind == 6 ? random.nextInt(PORTS) : port;
        int to = kind == 5 ? PORTS - 1 : from;
        Prefix source = prefix(random.nextInt(3) == 0);
        Prefix destination = prefix(source.length() > 0 && random.nextInt(3) == 0);
        return new Rule(source, destination, protocol, from, to);
    }

    private Prefix prefix(boolean isAny) {
        int address = NETWORK | random.nextInt(1 << NETWORK_BITS);
        int length = isAny ? 0 : random.nextInt(16, 33);
        return Prefix.containing(IpAddress.ofIpv4(address), length);
    }

    private int address(Prefix prefix) {
        int hostBits = Prefix.IPV4_LENGTH_MAX - prefix.length();
        int host = (int) (random.nextLong() & (1L << hostBits) - 1);
        return prefix.address().toIpv4() | host;
    }

    @Benchmark
    public int classify() {
        int packet = next++ & PACKETS - 1;
        key.sourceLow = sources[packet];
        key.destinationLow = destinations[packet];
        key.service = services[packet];
        return classifier.classify(key);
    }
}
