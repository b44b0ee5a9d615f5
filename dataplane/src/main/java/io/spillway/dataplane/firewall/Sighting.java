package io.spillway.dataplane.firewall;

import io.spillway.dataplane.buffer.FiveTuple;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.routing.fib.IpAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One packet that a rule wants to be told of, handed from the lan agent to who tells. The agent
 * writes only while it is wanted, the other reads only when it is not: neither waits, and packets
 * meanwhile cost one look.
 */
final class Sighting {
    private static final int IPV4 = 4;
    private static final int IPV4_SHIFT = 32;

    private final AtomicBoolean isWanted = new AtomicBoolean(true);
    private final FiveTuple tuple = new FiveTuple();
    private int ipVersion;

    /** Lan agent only. */
    void note(PacketBuffer packet) {
        if (!isWanted.getAcquire()) {
            return;
        }
        tuple.sourceHigh = packet.tuple.sourceHigh;
        tuple.sourceLow = packet.tuple.sourceLow;
        tuple.sourcePort = packet.tuple.sourcePort;
        tuple.destinationHigh = packet.tuple.destinationHigh;
        tuple.destinationLow = packet.tuple.destinationLow;
        tuple.destinationPort = packet.tuple.destinationPort;
        tuple.protocol = packet.tuple.protocol;
        ipVersion = packet.ipVersion;
        isWanted.setRelease(false);
    }

    /** The first packet since the last call, or null. One thread, another than the agent's. */
    SeenPacket take() {
        if (isWanted.getAcquire()) {
            return null;
        }
        SeenPacket seen =
                new SeenPacket(
                        address(tuple.sourceHigh, tuple.sourceLow),
                        tuple.sourcePort,
                        address(tuple.destinationHigh, tuple.destinationLow),
                        tuple.destinationPort,
                        tuple.protocol);
        isWanted.setRelease(true);
        return seen;
    }

    private IpAddress address(long high, long low) {
        return ipVersion == IPV4
                ? new IpAddress(true, low << IPV4_SHIFT, 0)
                : new IpAddress(false, high, low);
    }
}
