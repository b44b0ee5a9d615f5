package io.spillway.dataplane.buffer;

import io.spillway.dataplane.observe.CaptureEntry;
import io.spillway.dataplane.observe.CapturePlan;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.CaptureRing;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.tap.EndpointAddress;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Whether, and where, one agent copies what walks by for a capture. Packets are copied as they are
 * and never held up.
 *
 * <p>A packet gets its ID where it is copied first, and keeps it from then on, also at other
 * agents.
 *
 * <p>Owned by one agent.
 */
public final class Capture {
    /** Of the IDs, behind the agent's number. */
    private static final int COUNT_BITS = 48;

    private static final int IPV4 = 4;
    private static final int IPV6 = 6;

    private final NanoClock clock;
    private long lastId;

    /** Bits of the points at which is copied; 0: nobody captures. */
    private int points;

    private CaptureRing ring;

    /**
     * @param agent number among all of a data plane
     * @param clock read for each packet that is copied: within a cycle, time goes on
     */
    public Capture(int agent, NanoClock clock) {
        this.clock = clock;
        lastId = (long) agent << COUNT_BITS;
    }

    /** Of what nobody can capture: rehearsals and parts by themselves. */
    public static Capture none() {
        return new Capture(0, () -> 0);
    }

    /** From the next batch on. */
    public void start(CaptureRing newRing) {
        ring = newRing;
        points = newRing.points();
    }

    /** Never touches that ring again; false when it did not before. */
    public boolean stop(CaptureRing filled) {
        if (ring != filled) {
            return false;
        }
        points = 0;
        ring = null;
        return true;
    }

    boolean isAt(int pointBit) {
        return (points & pointBit) != 0;
    }

    /**
     * Begins an entry with a buffer's content from that byte on.
     *
     * @return its index in the {@link #ring}, or {@link CaptureRing#FULL}
     */
    int claim(CapturePoint point, int index, PacketBuffer packet, int skipped) {
        if (packet.captureId == 0) {
            packet.captureId = newId();
        }
        int offset = packet.offset() + skipped;
        int length = packet.length() - skipped;
        return claim(point, index, packet.captureId, packet.memory(), offset, length);
    }

    int claim(CapturePoint point, int index, long id, DirectBuffer source, int offset, int length) {
        int place = ring.plan().place(point, index);
        int entry = ring.claim(place, source, offset, Math.max(0, length));
        if (entry != CaptureRing.FULL) {
            CaptureEntry.packet(ring.memory(), entry, clock.nanoTime(), id == 0 ? newId() : id);
        }
        return entry;
    }

    private long newId() {
        lastId++;
        return lastId;
    }

    CaptureRing ring() {
        return ring;
    }

    /** Each packet of a train that dies. */
    void drop(PacketBuffer first, DropReason reason) {
        for (PacketBuffer packet = first; packet != null; packet = packet.next()) {
            int form = form(packet, reason);
            int entry = claim(CapturePoint.DROP, form, packet, 0);
            if (entry == CaptureRing.FULL) {
                continue;
            }
            CaptureEntry.reason(ring.memory(), entry, reason);
            if (form == CapturePlan.DATAGRAMS) {
                endpoint(entry, packet.ingressLink, packet.endpointAddress());
            } else if (packet.isChecksumPartial) {
                CaptureEntry.partialChecksum(ring.memory(), entry, CaptureEntry.OF_TRANSPORT);
            }
            ring.commit(entry);
        }
    }

    private static int form(PacketBuffer packet, DropReason reason) {
        if (reason.isOfDatagram()) {
            return CapturePlan.DATAGRAMS;
        }
        if (packet.isFramed) {
            return CapturePlan.FRAMES;
        }
        int version = packet.length() == 0 ? 0 : packet.memory().getByte(packet.offset()) >>> 4;
        return version == IPV4 || version == IPV6 ? CapturePlan.PACKETS : CapturePlan.OTHER;
    }

    /** Where a datagram comes from or goes to, and by which link. */
    void endpoint(int entry, int link, long endpointAddress) {
        CaptureEntry.tunnel(ring.memory(), entry, CaptureEntry.NONE, link, 0);
        EndpointAddress.copy(
                endpointAddress, ring.memory().addressOffset() + CaptureEntry.endpoint(entry));
    }
}
