package io.spillway.node.capture;

import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.observe.CaptureEntry;
import io.spillway.dataplane.observe.DropReason;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Comments of captured packets: why they died, or by which tunnel they go. Made once for each
 * reason and tunnel. Owned by the capture's thread.
 */
final class CaptureNotes {
    /** What is said of a tunnel, whose index may have been another's before. */
    private record Way(int link, long site, byte[] words) {}

    private final CapturePlaces places;
    private final Map<DropReason, byte[]> reasons = new EnumMap<>(DropReason.class);
    private final Int2ObjectHashMap<Way> tunnels = new Int2ObjectHashMap<>();

    CaptureNotes(CapturePlaces places) {
        this.places = places;
    }

    /** Null: there is nothing to say. */
    byte[] of(DirectBuffer memory, int entry) {
        DropReason reason = CaptureEntry.reason(memory, entry);
        if (reason != null) {
            return reasons.computeIfAbsent(reason, it -> bytes("dropped: " + it.name()));
        }
        int tunnel = CaptureEntry.tunnel(memory, entry);
        if (tunnel == CaptureEntry.NONE) {
            return null;
        }
        return words(tunnel, CaptureEntry.link(memory, entry), CaptureEntry.site(memory, entry));
    }

    private byte[] words(int tunnel, int link, long site) {
        Way known = tunnels.get(tunnel);
        if (known != null && known.link == link && known.site == site) {
            return known.words;
        }
        String end = site == Tunnel.POP ? "the PoP" : "site " + Long.toUnsignedString(site);
        byte[] words = bytes("tunnel " + tunnel + " of link " + places.link(link) + " to " + end);
        tunnels.put(tunnel, new Way(link, site, words));
        return words;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
