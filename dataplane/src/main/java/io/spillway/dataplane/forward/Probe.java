package io.spillway.dataplane.forward;

import io.spillway.crypto.record.RecordHeader;
import java.util.Collection;

/**
 * What control wants a PROBE to say.
 *
 * @param flags {@link #LEFT_CLOUD} or 0, and the {@link #links}
 * @param sequence echoed by the reply
 * @param destinationSite 0 for the tunnel's peer itself, else a site behind it
 * @param length bytes of content behind the type byte, padded with zeros; at least the header's, at
 *     most {@link #LENGTH_MAX}
 */
public record Probe(int flags, int sequence, long destinationSite, int length) {
    /** The origin has lost its PoP: answer it on its peer tunnels. */
    public static final int LEFT_CLOUD = 1;

    private static final int LINKS_SHIFT = 4;
    private static final int LINKS_COUNT = 4;

    /** What a record holds (RFC 5246 §6.2.1) behind the type byte. */
    public static final int LENGTH_MAX = RecordHeader.PLAINTEXT_LENGTH_MAX - ContentType.LENGTH;

    public Probe {
        if (length < ProbeHeader.LENGTH || length > LENGTH_MAX) {
            throw new IllegalArgumentException("probe length: " + length);
        }
    }

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
        return new Probe(flags, sequence, destinationSite, ProbeHeader.LENGTH);
    }
}
