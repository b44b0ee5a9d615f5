package io.spillway.control.directory;

/** How the NAT before a WAN link maps it, as far as the ports of one PoP can tell. */
public enum NatMapping {
    /** Not measured: nobody answered. */
    UNKNOWN,

    /** The link's own address is the one that others see. */
    OPEN,

    /** Every destination sees the same address and port. */
    STABLE,

    /** Every destination sees another port: what the PoP sees is of no use to peers. */
    CHANGING
}
