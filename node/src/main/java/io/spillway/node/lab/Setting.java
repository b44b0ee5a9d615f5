package io.spillway.node.lab;

/**
 * In what the lab of a scenario differs from others.
 *
 * @param returnBackoff as every site's configuration has it
 */
record Setting(LastSite last, String returnBackoff) {
    /** What the last of the sites is. */
    enum LastSite {
        LIKE_THE_OTHERS,
        /** Its own configuration has recovery switched off. */
        DISABLED,
        /** The story starts it. */
        LATE
    }

    /** Short, for a lab that loses its PoP again and again; the default doubles up to 1024 s. */
    static final Setting ORDINARY =
            new Setting(LastSite.LIKE_THE_OTHERS, "{first: 1s, max: 2s, stableReset: 1024s}");

    static final Setting WITH_DISABLED_SITE = ORDINARY.with(LastSite.DISABLED);
    static final Setting WITH_LATE_SITE = ORDINARY.with(LastSite.LATE);

    /** With waits that are told apart. */
    static final Setting FLAPPING =
            new Setting(LastSite.LIKE_THE_OTHERS, "{first: 1s, max: 8s, stableReset: 1024s}");

    private Setting with(LastSite other) {
        return new Setting(other, returnBackoff);
    }
}
