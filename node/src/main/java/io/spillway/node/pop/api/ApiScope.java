package io.spillway.node.pop.api;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Of which sites the holder of an API key is told. Immutable.
 *
 * @param siteIds empty: of all of the account, also those to come
 */
public record ApiScope(Set<Long> siteIds) {
    public static final ApiScope ALL = new ApiScope(Set.of());

    private static final String ALL_TEXT = "all";
    private static final Pattern ID_TEXT = Pattern.compile("[0-9]{1,20}");

    public ApiScope {
        siteIds = Set.copyOf(siteIds);
    }

    /** {@code all}, or site IDs such as {@code 1001,1002}; else IllegalArgumentException. */
    public static ApiScope parse(String text) {
        if (text.equals(ALL_TEXT)) {
            return ALL;
        }
        return new ApiScope(
                Arrays.stream(text.split(",", -1)).map(ApiScope::id).collect(Collectors.toSet()));
    }

    private static Long id(String text) {
        if (ID_TEXT.matcher(text).matches()) {
            try {
                return Long.parseUnsignedLong(text);
            } catch (NumberFormatException e) {
                // More than 64 bits: refused below like a word.
            }
        }
        throw new IllegalArgumentException(
                "scope " + text + ": expected all, or site IDs such as 1001,1002");
    }

    public boolean includes(long siteId) {
        return siteIds.isEmpty() || siteIds.contains(siteId);
    }

    /** What {@link #parse} reads. */
    public String text() {
        if (siteIds.isEmpty()) {
            return ALL_TEXT;
        }
        Set<Long> sorted = new TreeSet<>(Long::compareUnsigned);
        sorted.addAll(siteIds);
        return sorted.stream().map(Long::toUnsignedString).collect(Collectors.joining(","));
    }
}
