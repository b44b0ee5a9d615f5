package io.spillway.node.lab;

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

    /** The kind of the cut with this index from 0: all kinds in turn, so in equal parts. */
    static CutKind of(int index) {
        return values()[index % values().length];
    }

    /** Its key in the machine-readable report. */
    String key() {
        return key;
    }

    @Override
    public String toString() {
        return text;
    }
}
