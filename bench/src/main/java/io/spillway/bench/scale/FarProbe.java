package io.spillway.bench.scale;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.spillway.dataplane.forward.ContentType;
import org.agrona.MutableDirectBuffer;

/** PROBE and PROBE_REPLY behind their type byte (docs/protocol.md), as far sites need them. */
final class FarProbe {
    static final int LENGTH = ContentType.LENGTH + 32;

    private static final int FLAGS_OFFSET = ContentType.LENGTH;
    private static final int SEQUENCE_OFFSET = ContentType.LENGTH + 4;
    private static final int SENT_OFFSET = ContentType.LENGTH + 8;
    private static final int ORIGIN_OFFSET = ContentType.LENGTH + 16;
    private static final int DESTINATION_OFFSET = ContentType.LENGTH + 24;

    private FarProbe() {}

    /** Also one that is longer, which asks whether its size passes. */
    static boolean isProbeOrReply(MutableDirectBuffer content, int offset, int length) {
        byte type = length < LENGTH ? 0 : content.getByte(offset);
        return type == ContentType.PROBE || type == ContentType.PROBE_REPLY;
    }

    /** Writes one of our own. */
    static void write(
            MutableDirectBuffer to, int offset, long ownSite, int link, int sequence, long nowNs) {
        to.putByte(offset, ContentType.PROBE);
        to.putInt(offset + FLAGS_OFFSET, link << 16, BIG_ENDIAN);
        to.putInt(offset + SEQUENCE_OFFSET, sequence, BIG_ENDIAN);
        to.putLong(offset + SENT_OFFSET, nowNs, BIG_ENDIAN);
        to.putLong(offset + ORIGIN_OFFSET, ownSite, BIG_ENDIAN);
        to.putLong(offset + DESTINATION_OFFSET, 0, BIG_ENDIAN);
    }

    /** Turns a PROBE into its reply: of the site asked for, where that is another behind a PoP. */
    static void answer(MutableDirectBuffer probe, int offset, long ownSite, int link) {
        long asked = probe.getLong(offset + DESTINATION_OFFSET, BIG_ENDIAN);
        long origin = probe.getLong(offset + ORIGIN_OFFSET, BIG_ENDIAN);
        probe.putByte(offset, ContentType.PROBE_REPLY);
        probe.putInt(offset + FLAGS_OFFSET, link << 16, BIG_ENDIAN);
        probe.putLong(offset + ORIGIN_OFFSET, asked == 0 ? ownSite : asked, BIG_ENDIAN);
        probe.putLong(offset + DESTINATION_OFFSET, origin, BIG_ENDIAN);
    }
}
