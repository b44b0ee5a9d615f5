package io.spillway.routing.fib;

import java.util.Objects;

/** One line of a {@link Fib}: packets for the prefix leave by the next hop. */
public record FibEntry(Prefix prefix, NextHop nextHop) {
    public FibEntry {
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(nextHop);
    }
}
