package io.spillway.dataplane.firewall;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Finds rules of an ordered list that decide nothing, since rules above them take every packet that
 * they speak of. Exact: what it names never decides; where a rule meets so many others that an
 * answer would take too long, it is passed over. Takes time that grows with the square of their
 * number. Used by one thread.
 *
 * @param <T> what a rule is to the caller
 */
public final class RuleReview<T> {
    /** Parts of a rule that are looked at before it is passed over. */
    private static final int PARTS_MAX = 20_000;

    private final BiPredicate<T, T> doTheSame;
    private final List<Above<T>> above;

    /** What became of a rule. */
    public enum Kind {
        /** Rules above it do with all of its packets what it would. */
        REDUNDANT,
        /** Rules above it do something else with some of its packets, and take all. */
        SHADOWED,
        /** It speaks of no packet at all. */
        EMPTY
    }

    /**
     * A rule that decides nothing.
     *
     * @param takers the rules above that take its packets, in order
     */
    public record Finding<T>(Kind kind, T rule, List<Taker<T>> takers) {}

    /**
     * @param packet one of those that it takes
     */
    public record Taker<T>(T rule, Witness packet) {}

    private record Above<T>(RuleMatch match, T rule) {}

    /**
     * @param doTheSame of a rule and one above it
     */
    RuleReview(BiPredicate<T, T> doTheSame) {
        this.doTheSame = doTheSame;
        above = new ArrayList<>();
    }

    /** Which knows of the same rules above, to which others come. */
    RuleReview(RuleReview<T> other) {
        doTheSame = other.doTheSame;
        above = new ArrayList<>(other.above);
    }

    /** That rule stands above all that are asked about from now on. */
    void add(T rule, List<RuleMatch> matches) {
        matches.forEach(match -> above.add(new Above<>(match, rule)));
    }

    /** Null: it decides something, as far as is known. */
    Finding<T> find(T rule, List<RuleMatch> matches) {
        Map<T, Witness> takers = new LinkedHashMap<>();
        for (RuleMatch match : matches) {
            if (!isTaken(match, takers)) {
                return null;
            }
        }
        if (matches.isEmpty()) {
            return new Finding<>(Kind.EMPTY, rule, List.of());
        }
        boolean isSame = takers.keySet().stream().allMatch(other -> doTheSame.test(rule, other));
        List<Taker<T>> found = new ArrayList<>();
        takers.forEach((taker, packet) -> found.add(new Taker<>(taker, packet)));
        return new Finding<>(isSame ? Kind.REDUNDANT : Kind.SHADOWED, rule, found);
    }

    /** Part by part: what one rule above leaves goes on to the next. */
    private boolean isTaken(RuleMatch match, Map<T, Witness> takers) {
        record Part(RuleMatch match, int next) {}
        List<Above<T>> met = above.stream().filter(each -> each.match.meets(match)).toList();
        Deque<Part> parts = new ArrayDeque<>();
        parts.push(new Part(match, 0));
        for (int looked = 0; !parts.isEmpty(); looked++) {
            Part part = parts.pop();
            int next = part.next;
            while (next < met.size() && !met.get(next).match.meets(part.match)) {
                next++;
            }
            if (next == met.size() || looked == PARTS_MAX) {
                return false;
            }
            Above<T> taker = met.get(next);
            takers.computeIfAbsent(taker.rule, _ -> Witness.of(part.match.and(taker.match)));
            for (RuleMatch rest : part.match.without(taker.match)) {
                parts.push(new Part(rest, next + 1));
            }
        }
        return true;
    }
}
