package io.spillway.dataplane.buffer;

/**
 * Addresses, ports and protocol of a packet, filled once by the packet decoder.
 *
 * <p>IPv4 addresses stand in the low 32 bits with high = 0. ICMP has its identifier as both ports,
 * what has neither has zero.
 */
public final class FiveTuple {
    /** Of a fragment without ports, whatever flow it belongs to. */
    public static final int LATER_FRAGMENT = 1 << 24;

    private static final int TYPE_SHIFT = 8;
    private static final int CODE_SHIFT = 16;

    public long sourceHigh;
    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;
    public int sourcePort;
    public int destinationPort;

    /**
     * Its number in the low 8 bits; above them what else tells apart whose ports do not: {@link
     * #icmp}, {@link #LATER_FRAGMENT}.
     */
    public int protocol;

    /**
     * @param type of the question, where this is an answer
     * @param code 0 where an answer may have another
     */
    public static int icmp(int protocol, int type, int code) {
        return protocol | type << TYPE_SHIFT | code << CODE_SHIFT;
    }

    /** Becomes equal to the other. */
    public void set(FiveTuple other) {
        sourceHigh = other.sourceHigh;
        sourceLow = other.sourceLow;
        destinationHigh = other.destinationHigh;
        destinationLow = other.destinationLow;
        sourcePort = other.sourcePort;
        destinationPort = other.destinationPort;
        protocol = other.protocol;
    }

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
