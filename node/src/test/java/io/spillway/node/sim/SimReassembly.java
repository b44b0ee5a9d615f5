package io.spillway.node.sim;

import io.spillway.dataplane.header.Ipv4Header;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes whole packets of fragments, as any host does (RFC 791 §3.2). */
final class SimReassembly {
    private static final int LENGTH_MAX = 70_000;
    private static final int UNIT_SHIFT = 3;
    private static final int UNFINISHED = -1;

    /** One packet under way. */
    private static final class Partial {
        private final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH_MAX]);
        private int got;
        private int dataLength = UNFINISHED;
    }

    private final Map<Long, Partial> partials = new HashMap<>();
    private int fragments;

    int fragments() {
        return fragments;
    }

    /** The frame of a whole packet, or null while some of it is missing. */
    UnsafeBuffer add(UnsafeBuffer frame, int ip) {
        if (!Ipv4Header.isFragment(frame, ip)) {
            return frame;
        }
        fragments++;
        long key =
                Integer.toUnsignedLong(Ipv4Header.source(frame, ip)) << 16
                        | Ipv4Header.identification(frame, ip);
        Partial partial = partials.computeIfAbsent(key, _ -> new Partial());
        int field = Ipv4Header.fragmentField(frame, ip);
        int headerLength = Ipv4Header.headerLength(frame, ip);
        int length = Ipv4Header.totalLength(frame, ip) - headerLength;
        int at = (field & 0x1FFF) << UNIT_SHIFT;
        if (at == 0) {
            partial.frame.putBytes(0, frame, 0, ip + headerLength);
        }
        partial.frame.putBytes(ip + headerLength + at, frame, ip + headerLength, length);
        partial.got += length;
        if ((field & Ipv4Header.MORE_FRAGMENTS) == 0) {
            partial.dataLength = at + length;
        }
        if (partial.got != partial.dataLength) {
            return null;
        }
        partials.remove(key);
        return partial.frame;
    }
}
