package io.spillway.bench.tunnel.contender;

import java.util.Locale;

/** What the wire between the sites is. */
public enum Wan {
    /** A veth as it comes: UDP super-datagrams cross it whole. */
    VETH,
    /** Every datagram crosses by itself, as on a wire; the receiver may join them again. */
    HONEST;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
