package io.spillway.node;

/**
 * One mistake in a configuration file, as shown to whoever wrote the file.
 *
 * @param line counted from 1
 * @param key where in the file, such as {@code lan[0].networks[0].vlan}; empty: the whole file
 * @param problem the offending value and what was expected instead
 */
public record ConfigMistake(String file, int line, String key, String problem) {

    private static final int SHOWN_LENGTH_MAX = 80;

    /** {@code text} without control characters, and cut where it becomes too long to read. */
    static String shown(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= SHOWN_LENGTH_MAX
                ? plain
                : plain.substring(0, SHOWN_LENGTH_MAX) + "...";
    }

    @Override
    public String toString() {
        return file + ":" + line + ": " + (key.isEmpty() ? "" : shown(key) + ": ") + problem;
    }
}
