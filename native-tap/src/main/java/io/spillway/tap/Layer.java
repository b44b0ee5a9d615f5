package io.spillway.tap;

/** What a tunnel device carries. */
public enum Layer {
    /** Ethernet frames: a TAP device. */
    ETHERNET,
    /** IP packets: a TUN device. */
    IP
}
