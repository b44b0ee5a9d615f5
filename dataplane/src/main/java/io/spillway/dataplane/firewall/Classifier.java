package io.spillway.dataplane.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Finds the first of many rules that matches a packet.
 *
 * <p>Each field of the packet is looked up by itself and gives the rules that hold for it, as bits.
 * Of 10,000 rules three words of summary, taken together over all fields, say in which words it is
 * worth looking at all (aggregated bit vectors, Baboescu and Varghese 2001). So that these are few,
 * rules stand in an order of their own: together those that ask nothing of the same fields, and
 * among them those with neighbouring addresses. Of the rules that are found the earliest counts; a
 * word whose rules are all later than one that was found is passed over. A field that no rule asks
 * for costs nothing, and memory does not depend on how fields are combined.
 *
 * <p>Immutable; the key's scratch is the caller's.
 */
public final class Classifier {
    /** No rule matches. */
    public static final int NONE = -1;

    /** Longs of the tables: 64 MiB. */
    private static final int LENGTH_MAX = 1 << 23;

    private static final int PROTOCOLS = 256;
    private static final int WORD_BITS = Long.SIZE;
    private static final int WORD_SHIFT = 6;

    private final AddressClasses source;
    private final AddressClasses destination;
    private final NumberClasses service;
    private final NumberClasses side;
    private final NumberClasses sourcePort;
    private final ValueClasses mac;
    private final ValueClasses sourceSite;
    private final ValueClasses targetSite;
    private final RuleSets[] sets; // of the fields that are asked for, in the order above
    private final int summaries;
    private final int[] numbers; // of rules, by their place here
    private final int[] earliest; // number in each word

    /**
     * @param rules the first that matches counts
     * @throws PolicyTooLargeException when the tables would take more than 64 MiB
     */
    public Classifier(List<RuleMatch> rules) throws PolicyTooLargeException {
        summaries = RuleSets.summaries(rules.size());
        numbers = order(rules);
        earliest = new int[WORD_BITS * summaries];
        Arrays.fill(earliest, Integer.MAX_VALUE);
        for (int place = 0; place < numbers.length; place++) {
            int word = place >>> WORD_SHIFT;
            earliest[word] = Math.min(earliest[word], numbers[place]);
        }
        Fields fields = new Fields(Arrays.stream(numbers).mapToObj(rules::get).toList());
        ValueClasses sources = fields.add(RuleMatch::source);
        ValueClasses destinations = fields.add(RuleMatch::destination);
        ValueClasses services = fields.add(RuleMatch::service);
        ValueClasses sides = fields.add(RuleMatch::side);
        ValueClasses sourcePorts = fields.add(RuleMatch::sourcePort);
        mac = fields.add(RuleMatch::mac);
        sourceSite = fields.add(RuleMatch::sourceSite);
        targetSite = fields.add(RuleMatch::targetSite);
        source = sources == null ? null : new AddressClasses(sources);
        destination = destinations == null ? null : new AddressClasses(destinations);
        service = services == null ? null : new NumberClasses(services, PROTOCOLS);
        side = sides == null ? null : new NumberClasses(sides, 1);
        sourcePort = sourcePorts == null ? null : new NumberClasses(sourcePorts, 1);
        if (fields.sets.isEmpty()) {
            fields.sets.add(fields.all());
        }
        sets = fields.sets.toArray(RuleSets[]::new);
    }

    /** Numbers of the rules in the order in which they stand here. */
    private static int[] order(List<RuleMatch> rules) {
        Comparator<Integer> order =
                Comparator.comparing((Integer number) -> rules.get(number).askedFields())
                        .thenComparing(number -> rules.get(number).source())
                        .thenComparing(number -> rules.get(number).destination())
                        .thenComparing(number -> number);
        return IntStream.range(0, rules.size())
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** The fields that are asked for. */
    private static final class Fields {
        private final List<RuleMatch> rules;
        private final List<RuleSets> sets = new ArrayList<>();
        private long length;

        Fields(List<RuleMatch> rules) {
            this.rules = rules;
        }

        /** Null: no rule asks. */
        ValueClasses add(Function<RuleMatch, ValueSet> asked) throws PolicyTooLargeException {
            List<ValueSet> values = rules.stream().map(asked).toList();
            if (values.stream().allMatch(ValueSet::isAny)) {
                return null;
            }
            int left = (int) (LENGTH_MAX - length / Long.BYTES);
            ValueClasses classes = ValueClasses.of(values, left);
            sets.add(classes.rules());
            length += classes.length();
            return classes;
        }

        /** Of no field: then every rule matches everything. */
        RuleSets all() {
            long[] any = new long[WORD_BITS * RuleSets.summaries(rules.size())];
            for (int rule = 0; rule < rules.size(); rule++) {
                any[rule >>> WORD_SHIFT] |= 1L << rule;
            }
            RuleSets.Builder builder = new RuleSets.Builder(any);
            builder.add(new long[any.length]);
            return builder.build();
        }
    }

    /** The first rule that matches, or {@link #NONE}. */
    public int classify(PacketKey key) {
        fillClasses(key);
        int[] classes = key.classes;
        RuleSets[] fields = sets;
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < summaries; i++) {
            long worth = -1;
            for (int field = 0; field < fields.length; field++) {
                worth &= fields[field].summary(classes[field], i);
            }
            for (; worth != 0; worth &= worth - 1) {
                int bit = Long.numberOfTrailingZeros(worth);
                int word = WORD_BITS * i + bit;
                if (earliest[word] >= first) {
                    continue;
                }
                long found = -1;
                for (int field = 0; field < fields.length; field++) {
                    found &= fields[field].word(classes[field], i, bit);
                }
                for (; found != 0; found &= found - 1) {
                    int place = WORD_BITS * word + Long.numberOfTrailingZeros(found);
                    first = Math.min(first, numbers[place]);
                }
            }
        }
        return first == Integer.MAX_VALUE ? NONE : first;
    }

    private void fillClasses(PacketKey key) {
        int[] classes = key.classes;
        classes[0] = 0; // the only one where no rule asks for any field
        int field = 0;
        if (source != null) {
            classes[field++] = source.find(key.sourceHigh, key.sourceLow);
        }
        if (destination != null) {
            classes[field++] = destination.find(key.destinationHigh, key.destinationLow);
        }
        if (service != null) {
            classes[field++] = service.find(key.service);
        }
        if (side != null) {
            classes[field++] = side.find(key.side);
        }
        if (sourcePort != null) {
            classes[field++] = sourcePort.find(key.sourcePort);
        }
        if (mac != null) {
            classes[field++] = find(mac, key.mac);
        }
        if (sourceSite != null) {
            classes[field++] = find(sourceSite, key.sourceSite);
        }
        if (targetSite != null) {
            classes[field] = find(targetSite, key.targetSite);
        }
    }

    private static int find(ValueClasses classes, long value) {
        return classes.classFrom(classes.find(0, value, 0, classes.size()));
    }
}
