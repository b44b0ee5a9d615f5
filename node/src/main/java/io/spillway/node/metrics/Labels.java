package io.spillway.node.metrics;

/** What tells one figure from the others of its metric, as it is written. Immutable. */
public record Labels(String text) {
    public static final Labels NONE = new Labels("");

    public static Labels of(String name, String value) {
        return NONE.with(name, value);
    }

    /**
     * @param value any text
     */
    public Labels with(String name, String value) {
        String before = text.isEmpty() ? "" : text + ",";
        return new Labels(before + name + "=\"" + escaped(value) + '"');
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
