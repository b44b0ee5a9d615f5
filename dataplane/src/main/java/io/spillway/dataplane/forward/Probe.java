package io.spillway.dataplane.forward;

/**
 * What control wants a PROBE to say.
 *
 * @param flags {@link #LEFT_CLOUD} or 0
 * @param sequence echoed by the reply
 * @param destinationSite 0 for the tunnel's peer itself, else a site behind it
 * @param packetLength bytes of the IP packet on the WAN that it is to fill, padded with zeros; the
 *     shortest probe, and the longest record, set bounds
 */
public record Probe(int flags, int sequence, long destinationSite, int packetLength) {
    /** The origin has lost its PoP: answer it on its peer tunnels. */
    public static final int LEFT_CLOUD = 1;

    /** The shortest probe. */
    public static Probe of(int flags, int sequence, long destinationSite) {
        return new Probe(flags, sequence, destinationSite, 0);
    }
}
