package io.spillway.node;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a link carries.
 *
 * @param bitsPerSecond {@value #MIN} to {@value #MAX}
 */
public record Bandwidth(long bitsPerSecond) {
    private static final long MIN = 100_000;
    private static final long MAX = 100_000_000_000L;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(kbit|Mbit|Gbit)");

    /** Throws {@link IllegalArgumentException} if it is none, or out of range. */
    static Bandwidth parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        long unit =
                switch (matcher.group(2)) {
                    case "kbit" -> 1_000;
                    case "Mbit" -> 1_000_000;
                    default -> 1_000_000_000;
                };
        long bitsPerSecond = Long.parseLong(matcher.group(1)) * unit;
        if (bitsPerSecond < MIN || bitsPerSecond > MAX) {
            throw new IllegalArgumentException(text);
        }
        return new Bandwidth(bitsPerSecond);
    }
}
