package io.spillway.dataplane.forward;

import java.util.Collection;

/**
 * What control wants a PROBE to say.
 *
 * @param flags {@link #LEFT_CLOUD} or 0, and the {@link #links}
 * @param sequence echoed by the reply
 * @param destinationSite 0 for the tunnel's peer itself, else a site behind it
 * @param packetLength bytes of the IP packet on the WAN that it is to fill, padded with zeros; the
 *     shortest probe, and the longest record, set bounds
 */
public record Probe(int flags, int sequence, long destinationSite, int packetLength) {
    /** The origin has lost its PoP: answer it on its peer tunnels. */
    public static final int LEFT_CLOUD = 1;

    private static final int LINKS_SHIFT = 4;
    private static final int LINKS_COUNT = 4;

    /** Flags that ask a PoP to send by those links of ours, whatever else is up. */
    public static int links(Collection<Integer> links) {
        int flags = 0;
        for (int link : links) {
            if (link < 0 || link >= LINKS_COUNT) {
                throw new IllegalArgumentException("link " + link);
            }
            flags |= 1 << LINKS_SHIFT + link;
        }
        return flags;
    }

    /** Whether the origin asks to be sent to by that link, or does not care. */
    public static boolean isWanted(int flags, int link) {
        int wanted = flags >>> LINKS_SHIFT;
        return wanted == 0 || link >= 0 && (wanted >>> link & 1) != 0;
    }

    /** The shortest probe. */
    public static Probe of(int flags, int sequence, long destinationSite) {
        return new Probe(flags, sequence, destinationSite, 0);
    }
}
