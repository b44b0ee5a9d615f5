package io.spillway.node.channel;

/** Text that others had a hand in, such as names in certificates, fit for frames and log lines. */
final class PlainText {
    private static final int LENGTH_MAX = 1024;

    private PlainText() {}

    static String of(String text) {
        String cut = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) : text;
        StringBuilder plain = new StringBuilder(cut.length());
        cut.chars()
                .map(c -> Character.isISOControl(c) || Character.isSurrogate((char) c) ? '?' : c)
                .forEach(c -> plain.append((char) c));
        return plain.toString();
    }
}
