package io.spillway.control.directory;

/** What a WAN link leads to. Tunnels join links of one role only. */
public enum LinkRole {
    /** PoPs, and other sites by way of the Internet. */
    INTERNET,

    /**
     * Other sites by way of a private WAN such as MPLS (R060, R113): no PoP, no NAT, so each end is
     * where its site says it is.
     */
    ALT_WAN
}
