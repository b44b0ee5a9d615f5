package io.spillway.tidy;

import java.util.List;

/** The bans and their exceptions, so that a test can bring its own. */
record TidyRules(
        List<Ban> calls,
        List<Ban> copies,
        List<Ban> byteBufferCopies,
        List<String> coldClasses,
        List<String> coldMethods,
        List<String> copyMethods) {

    /** Where fields may be volatile. */
    static final String SHARED_MEMORY_FILES = ".*/dataplane/(buffer|agent|observe)/.*";

    static final TidyRules OURS =
            new TidyRules(
                    Ban.CALLS,
                    Ban.COPIES,
                    Ban.BYTE_BUFFER_COPIES,
                    Exceptions.COLD_CLASSES,
                    Exceptions.COLD_METHODS,
                    Exceptions.COPIES);

    /** {@code name}: a simple class name, or Class.method. */
    boolean isCold(String name) {
        return names(coldClasses, name) || names(coldMethods, name);
    }

    /** {@code method} as Class.method; the list may also name the whole class. */
    boolean mayCopy(String method) {
        return names(copyMethods, method)
                || names(copyMethods, method.substring(0, method.indexOf('.')));
    }

    private static boolean names(List<String> lines, String name) {
        return lines.stream().anyMatch(line -> line.split(":", 2)[0].equals(name));
    }
}
