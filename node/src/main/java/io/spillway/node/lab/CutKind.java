package io.spillway.node.lab;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The ways the lab takes the PoP away. {@link Cutter} knows how. */
enum CutKind {
    SIGKILL("sigkill", "PoP process killed"),
    SIGSTOP("sigstop", "PoP process stopped"),
    DROP("drop", "silent drop, both ways"),
    ONE_WAY_DROP("oneWayDrop", "silent drop, one way");

    private final String key;
    private final String text;

    CutKind(String key, String text) {
        this.key = key;
        this.text = text;
    }

    /** Its key in the machine-readable report. */
    String key() {
        return key;
    }

    @Override
    public String toString() {
        return text;
    }

    /** Reads a key on the command line. */
    static final class Converter implements ITypeConverter<CutKind> {
        @Override
        public CutKind convert(String text) {
            for (CutKind kind : values()) {
                if (kind.key.equalsIgnoreCase(text)) return kind;
            }
            String expected = "expected sigkill, sigstop, drop or oneWayDrop";
            throw new TypeConversionException(text + ": " + expected);
        }
    }
}
