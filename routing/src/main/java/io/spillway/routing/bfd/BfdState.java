package io.spillway.routing.bfd;

/** RFC 5880 section 4.1, in the order of their numbers. */
public enum BfdState {
    ADMIN_DOWN,
    DOWN,
    INIT,
    UP;

    private static final BfdState[] ALL = values();

    static BfdState of(int number) {
        return ALL[number];
    }
}
