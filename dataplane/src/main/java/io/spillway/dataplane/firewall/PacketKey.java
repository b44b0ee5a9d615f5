package io.spillway.dataplane.firewall;

/**
 * What rules look at in a packet that begins a flow. Filled anew for each; owned by who classifies.
 */
public final class PacketKey {
    private static final int SERVICE_BITS = 16;
    private static final int FIELDS = 8;

    /** Number of the door it came in by. */
    public int side;

    /** As {@link ValueSet} numbers addresses. */
    public long sourceHigh;

    public long sourceLow;
    public long destinationHigh;
    public long destinationLow;

    /** {@link #service} of protocol and destination port, or ICMP type and code. */
    public int service;

    public int sourcePort;
    public long mac;

    /** At a PoP: ID of the site that it comes from; 0: none. */
    public long sourceSite;

    /** ID of the one to which its route leads; 0: none, or nobody asks. */
    public long targetSite;

    /** Scratch of the {@link Classifier}: the class of each field. */
    final int[] classes = new int[FIELDS];

    /**
     * @param protocol 8 bits
     * @param number 16 bits: destination port, or ICMP type and code, or 0
     */
    public static int service(int protocol, int number) {
        return protocol << SERVICE_BITS | number;
    }
}
