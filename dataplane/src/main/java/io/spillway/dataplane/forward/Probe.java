package io.spillway.dataplane.forward;

import io.spillway.crypto.record.RecordHeader;

/**
 * What control wants a PROBE to say.
 *
 * @param flags {@link #LEFT_CLOUD} or 0
 * @param sequence echoed by the reply
 * @param destinationSite 0 for the tunnel's peer itself, else a site behind it
 * @param length bytes of content behind the type byte, padded with zeros; at least the header's, at
 *     most {@link #LENGTH_MAX}
 */
public record Probe(int flags, int sequence, long destinationSite, int length) {
    /** The origin has lost its PoP: answer it on its peer tunnels. */
    public static final int LEFT_CLOUD = 1;

    /** What a record holds (RFC 5246 §6.2.1) behind the type byte. */
    public static final int LENGTH_MAX = RecordHeader.PLAINTEXT_LENGTH_MAX - ContentType.LENGTH;

    public Probe {
        if (length < ProbeHeader.LENGTH || length > LENGTH_MAX) {
            throw new IllegalArgumentException("probe length: " + length);
        }
    }

    /** The shortest probe. */
    public static Probe of(int flags, int sequence, long destinationSite) {
        return new Probe(flags, sequence, destinationSite, ProbeHeader.LENGTH);
    }
}
