package io.spillway.node.lab;

/** What stands between a site and the Internet, as nftables can make it. */
enum NatKind {
    /** Nothing: the site has a public address. */
    NONE("", false, true, 0),

    /** The port stays, while it is free; only who was written to may write back. */
    MASQUERADE("masquerade", false, true, 1),

    /** Another port for each destination. */
    RANDOM("masquerade random", false, true, 1),

    /** The same, by another algorithm of the kernel. */
    FULLY_RANDOM("masquerade fully-random", false, true, 1),

    /** Anybody may write to a port that is in use. */
    ENDPOINT_INDEPENDENT("masquerade", true, true, 1),

    /** A rule leads {@link NatBox#STATIC_PORT} to the site, which knows of it. */
    STATIC_FORWARD("masquerade", false, true, 1),

    /** A box at the site and another at its provider. */
    DOUBLE("masquerade", false, true, 2),

    /**
     * The port stays, while it is free; what nobody asked for reaches the box itself, whose
     * connection tracking then has that port in use towards that sender.
     */
    WITHOUT_DROP("masquerade", false, false, 1);

    private final String statement;
    private final boolean isOpen;
    private final boolean isDropping;
    private final int boxes;

    NatKind(String statement, boolean isOpen, boolean isDropping, int boxes) {
        this.statement = statement;
        this.isOpen = isOpen;
        this.isDropping = isDropping;
        this.boxes = boxes;
    }

    /** How sources are translated. */
    String statement() {
        return statement;
    }

    /** Filters by nothing but the port. */
    boolean isOpen() {
        return isOpen;
    }

    /** Drops what nobody inside asked for. */
    boolean isDropping() {
        return isDropping;
    }

    /** One behind the other. */
    int boxes() {
        return boxes;
    }
}
