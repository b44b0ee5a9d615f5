package io.spillway.routing.bgp;

/**
 * What one neighbour tells of a prefix, and what the {@link DecisionProcess} makes of it.
 * Immutable.
 *
 * @param neighbour its place in the configuration
 * @param isUsed it is the best, or as good
 * @param isStale the neighbour restarts, and has not confirmed it since (RFC 4724)
 * @param reason why it is not the best, for people; empty: it is
 */
public record LearntPath(
        int neighbour, PathAttributes attributes, boolean isUsed, boolean isStale, String reason) {}
