package io.spillway.dataplane.forward;

/** By what a rule lets packets leave for another site. */
public enum WanTransport {
    /** As without rules. */
    AUTOMATIC,
    /** By the PoP. */
    CLOUD,
    /** By direct tunnels through the Internet; off the cloud: as recovery has it. */
    OFF_CLOUD,
    /** By direct tunnels over links of that role. */
    ALT_WAN,
    /** Not at all; as a second choice only. */
    NONE
}
