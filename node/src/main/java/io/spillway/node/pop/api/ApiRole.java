package io.spillway.node.pop.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the holder of an API key may do. All of them may read, which is all that there is yet. */
public enum ApiRole {
    /** Reads. */
    VIEWER,

    /** Also changes how sites work. */
    OPERATOR,

    /** Also changes firewalls and policies. */
    SECURITY,

    /** Also gives out keys. */
    ADMINISTRATOR;

    /** As commands and files have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Throws {@link IllegalArgumentException} with what was expected. */
    public static ApiRole parse(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("role " + text + expected()));
    }

    private static String expected() {
        return Arrays.stream(values())
                .map(ApiRole::text)
                .collect(Collectors.joining(", ", ": expected one of ", ""));
    }
}
