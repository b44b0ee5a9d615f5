package io.spillway.control.recovery;

/** What carries the packets to a peer, most preferred first (R041). */
public enum Transport {
    CLOUD,
    ALT_WAN,
    RECOVERY,
    /**
     * Nothing does: undecided after a start, or the cloud is gone and recovery is off at either
     * end. Packets get an ICMP "administratively prohibited" (D50).
     */
    NONE
}
