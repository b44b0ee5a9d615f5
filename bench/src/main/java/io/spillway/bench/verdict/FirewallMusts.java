package io.spillway.bench.verdict;

import java.util.List;
import java.util.OptionalDouble;

/** What the LAN firewall costs a packet of a known flow, and one that begins a flow. */
final class FirewallMusts {
    private static final String ESTABLISHED = "LanFirewallBenchmark.established";
    private static final String FEW_RULES = "ClassifierBenchmark.classify, 100";
    private static final String MANY_RULES = "ClassifierBenchmark.classify, 10000";
    private static final double ESTABLISHED_NS_MAX = 15;
    private static final double CLASSIFY_NS_MAX = 1_000;
    private static final double MANY_TO_FEW_MAX = 3;

    private FirewallMusts() {}

    static List<Must> all() {
        return List.of(
                time("firewall step, known flow", ESTABLISHED, ESTABLISHED_NS_MAX),
                time("new flow, 10,000 rules", MANY_RULES, CLASSIFY_NS_MAX),
                new Must("new flow, 10,000 rules to 100", "<= 3 x", FirewallMusts::growth));
    }

    private static Must time(String name, String benchmark, double nsMax) {
        return new Must(
                name,
                "<= " + Judgement.figure(nsMax) + " ns",
                evidence -> {
                    OptionalDouble ns = evidence.micro().ns(benchmark);
                    if (ns.isEmpty()) return missing(benchmark);
                    String text = Judgement.figure(ns.getAsDouble()) + " ns";
                    return Judgement.of(text, ns.getAsDouble() <= nsMax);
                });
    }

    private static Judgement growth(Evidence evidence) {
        OptionalDouble many = evidence.micro().ns(MANY_RULES);
        OptionalDouble few = evidence.micro().ns(FEW_RULES);
        if (many.isEmpty() || few.isEmpty()) return missing(MANY_RULES);
        double ratio = many.getAsDouble() / few.getAsDouble();
        String text =
                "%s ns beside %s"
                        .formatted(
                                Judgement.figure(many.getAsDouble()),
                                Judgement.figure(few.getAsDouble()));
        return Judgement.of(text, ratio, ratio <= MANY_TO_FEW_MAX);
    }

    private static Judgement missing(String benchmark) {
        return Judgement.missing(benchmark + " was not measured");
    }
}
