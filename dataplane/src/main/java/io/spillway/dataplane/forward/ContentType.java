package io.spillway.dataplane.forward;

/** The first byte inside every record of ours (DESIGN §4 "Inside a record"). */
public final class ContentType {
    /** A complete IP packet. */
    public static final byte PACKET = 1;

    /**
     * An IP packet, no fragment, whose checksum of TCP or UDP covers the pseudo-header only: inside
     * the record it needs none, and the far side's kernel completes it where one is needed.
     */
    public static final byte PACKET_PARTIAL_CHECKSUM = 2;

    public static final byte PROBE = 3;
    public static final byte PROBE_REPLY = 4;

    /** A datagram from one site to another, by way of a third ({@link Relay}). */
    public static final byte RELAY = 5;

    /** The peer ends this session. */
    public static final byte CLOSE = 6;

    /** Asks whether the peer is where its last PROBE came from; 8 bytes that it is to repeat. */
    public static final byte PATH_CHECK = 7;

    /** Repeats the 8 bytes. */
    public static final byte PATH_ANSWER = 8;

    /** An echo between the data planes of two sites, as large as the tunnel ({@link ProofEcho}). */
    public static final byte PROOF = 9;

    /**
     * Bit beside the types of packets: the sender merely answers by the way the flow came (D38).
     * Who receives it does not follow in turn, else two sites would hold each other off the cloud
     * for as long as they talk.
     */
    static final int ANSWER = 0x80;

    /** Bytes in front of the content. */
    public static final int LENGTH = 1;

    private ContentType() {}
}
