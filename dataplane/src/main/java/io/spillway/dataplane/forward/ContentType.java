package io.spillway.dataplane.forward;

/** The first byte inside every record of ours (DESIGN §4 "Inside a record"). */
public final class ContentType {
    /** A complete IP packet. */
    public static final byte PACKET = 1;

    public static final byte PROBE = 3;
    public static final byte PROBE_REPLY = 4;

    /** The peer ends this session. */
    public static final byte CLOSE = 6;

    /** Bytes in front of the content. */
    public static final int LENGTH = 1;

    private ContentType() {}
}
