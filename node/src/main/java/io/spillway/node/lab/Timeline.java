package io.spillway.node.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one direction of traffic went through in one cut and the return after it. Times are
 * milliseconds: those of a window count from its own zero, the cut and the last packet by tunnel.
 *
 * @param title for people
 */
record Timeline(String title, Window cut, Window comeback) {
    /** Probes at this distance or closer are those of a site that suspects. */
    private static final double BURST_MAX_MS = 35;

    /** From the site's wire to its host. */
    private static final double HANDED_ON_MAX_MS = 100;

    /**
     * A stretch of time around its zero.
     *
     * @param byPop arrivals at the receiving host, of a stream of a packet per millisecond
     * @param byTunnel the same, of those that went from site to site
     * @param marks what happened when, in order
     */
    record Window(
            String name,
            double startMs,
            double endMs,
            List<Double> byPop,
            List<Double> byTunnel,
            List<Double> probes,
            List<Double> replies,
            List<Mark> marks) {

        /** How many of those times lie in each stretch of {@code binMs}. */
        int[] bins(List<Double> times, double binMs) {
            int[] bins = new int[(int) Math.ceil((endMs - startMs) / binMs)];
            for (double ms : times) {
                int bin = (int) Math.floor((ms - startMs) / binMs);
                if (bin >= 0 && bin < bins.length) bins[bin]++;
            }
            return bins;
        }
    }

    /** Arrivals, told apart by the way they came. */
    record Ways(List<Double> byPop, List<Double> byTunnel) {
        /**
         * Each packet that the Internet delivered from site to site is the next arrival's.
         *
         * @param arrivals in order
         * @param direct deliveries in order
         */
        static Ways of(List<Double> arrivals, List<Double> direct) {
            Ways ways = new Ways(new ArrayList<>(), new ArrayList<>());
            int next = 0;
            for (double ms : arrivals) {
                while (next < direct.size() && ms - direct.get(next) > HANDED_ON_MAX_MS) next++;
                boolean isDirect = next < direct.size() && direct.get(next) <= ms;
                (isDirect ? ways.byTunnel : ways.byPop).add(ms);
                if (isDirect) next++;
            }
            return ways;
        }
    }

    /** Something that happened. */
    record Mark(double ms, String text) {}

    /** The first that is not before zero. */
    static OptionalDouble first(List<Double> times) {
        return times.stream().mapToDouble(ms -> ms).filter(ms -> ms >= 0).findFirst();
    }

    /** The last reply of those that came until the first direct packet. */
    static OptionalDouble lastBefore(List<Double> times, double endMs) {
        return times.stream().mapToDouble(ms -> ms).filter(ms -> ms < endMs).max();
    }

    /** The first of the probes after zero that come as close together as a suspecting site's. */
    static OptionalDouble burstStart(List<Double> probes) {
        for (int i = 1; i < probes.size(); i++) {
            double ms = probes.get(i - 1);
            if (ms > 0 && probes.get(i) - ms <= BURST_MAX_MS) return OptionalDouble.of(ms);
        }
        return OptionalDouble.empty();
    }

    /** As milliseconds since {@code zeroNs}. */
    static List<Double> since(long zeroNs, List<Long> timesNs) {
        List<Double> times = new ArrayList<>();
        timesNs.forEach(ns -> times.add((ns - zeroNs) / 1e6));
        return times;
    }
}
