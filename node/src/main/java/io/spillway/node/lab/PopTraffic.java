package io.spillway.node.lab;

/** What goes between a site and its PoP, as far as the Internet can tell it apart. */
enum PopTraffic {
    ALL("nothing passes", ""),
    DATA("no UDP passes (tunnels)", "meta l4proto udp"),
    CHANNEL("no TCP passes (channel)", "meta l4proto tcp");

    private final String lacking;
    private final String match;

    PopTraffic(String lacking, String match) {
        this.lacking = lacking;
        this.match = match;
    }

    /** For people: that it does not pass. */
    String lacking() {
        return lacking;
    }

    /** The expression of an nft rule that matches it. */
    String match() {
        return match;
    }
}
