package io.spillway.dataplane.buffer;

/**
 * Addresses, ports and protocol of a packet, filled once by the packet decoder.
 *
 * <p>IPv4 addresses stand in the low 32 bits with high = 0. ICMP has its identifier as both ports,
 * a fragment without transport header has zero.
 */
public final class FiveTuple {
    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;
    public int sourcePort;
    public int destinationPort;
    public int protocol;

    /** The same for both directions of a conversation. */
    public int symmetricHash() {
        long source = mix(sourceHigh ^ mix(sourceLow ^ sourcePort));
        long destination = mix(destinationHigh ^ mix(destinationLow ^ destinationPort));
        return (int) (mix((source ^ destination) + protocol) >>> 32);
    }

    /** The finalizer of SplittableRandom, which spreads every input bit. */
    public static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
