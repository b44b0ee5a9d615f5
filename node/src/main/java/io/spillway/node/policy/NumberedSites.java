package io.spillway.node.policy;

import io.spillway.dataplane.firewall.Party;
import io.spillway.dataplane.firewall.ValueSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Gives the other sites that a policy names numbers of its own: {@code site datacentre}. */
final class NumberedSites {
    private static final int NUMBER_MAX = 0xFFFF;

    private final Predicate<String> isKnown;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    /**
     * @param isKnown whether there is a site of that name, or nobody knows yet
     */
    NumberedSites(Predicate<String> isKnown) {
        this.isKnown = isKnown;
    }

    Party of(String name) throws WordException {
        if (!isKnown.test(name)) {
            throw new WordException("the name of a site of the account");
        }
        numbers.putIfAbsent(name, numbers.size() + 1);
        if (numbers.size() > NUMBER_MAX) {
            throw new WordException(NUMBER_MAX + " different sites at most");
        }
        int number = numbers.get(name);
        return Party.ofSites(ValueSet.range(number, number));
    }

    /** In the order of their numbers, which begin with 1. */
    List<String> names() {
        return List.copyOf(numbers.keySet());
    }
}
