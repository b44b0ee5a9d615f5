package io.spillway.node.policy;

import io.spillway.node.policy.PolicyConfig.Named;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Words that stand for themselves, and names that stand for other words. */
final class Glossary<T> {
    interface Words<T> {
        T of(String word) throws WordException;
    }

    /** Names that may stand within each other. */
    private static final int DEPTH_MAX = 64;

    private final String key;
    private final List<Named> named;
    private final Words<T> words;
    private final UnaryOperator<List<T>> joined;
    private final String expected;
    private final PolicyReader.Mistakes mistakes;
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, List<T>> known = new HashMap<>();
    private final Set<String> begun = new HashSet<>(); // and not known yet

    /**
     * @param joined the same in fewer, so that names within names do not multiply
     */
    Glossary(
            String key,
            List<Named> named,
            Words<T> words,
            UnaryOperator<List<T>> joined,
            String expected,
            PolicyReader.Mistakes mistakes) {
        this.joined = joined;
        this.key = key;
        this.named = named;
        this.words = words;
        this.expected = expected;
        this.mistakes = mistakes;
    }

    /** Every name, also those that no rule uses. */
    void check() {
        for (int i = 0; i < named.size(); i++) {
            Integer first = places.putIfAbsent(named.get(i).name(), i);
            if (first != null) {
                mistakes.add(
                        key + "[" + i + "].name",
                        named.get(i).name()
                                + ": expected another name than "
                                + key
                                + "["
                                + first
                                + "] has");
            }
        }
        for (Named each : named) {
            resolve(each.name());
        }
    }

    List<T> all(String where, List<String> texts) {
        List<T> meant = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            meant.addAll(meaning(where + "[" + i + "]", texts.get(i)));
        }
        return joined.apply(meant);
    }

    private List<T> meaning(String where, String text) {
        try {
            T own = words.of(text);
            if (own != null) {
                return List.of(own);
            }
        } catch (WordException e) {
            mistakes.add(where, text + ": expected " + e.getMessage());
            return List.of();
        }
        if (!places.containsKey(text)) {
            mistakes.add(where, text + ": expected " + expected);
            return List.of();
        }
        if (begun.contains(text)) {
            mistakes.add(where, text + ": expected another name: this one would hold itself");
            return List.of();
        }
        if (begun.size() == DEPTH_MAX) {
            mistakes.add(where, text + ": expected names " + DEPTH_MAX + " deep at most");
            return List.of();
        }
        return resolve(text);
    }

    private List<T> resolve(String name) {
        List<T> before = known.get(name);
        if (before != null) {
            return before;
        }
        int place = places.get(name);
        begun.add(name);
        List<T> meant = all(key + "[" + place + "].members", named.get(place).members());
        begun.remove(name);
        known.put(name, meant);
        return meant;
    }
}
