package io.spillway.dataplane.buffer;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * One slot of the {@link PacketPool} and what is known about the bytes in it: a frame, a packet, a
 * record or a datagram in turn.
 *
 * <pre>
 *   slot base                                    offset        offset + length
 *   | source endpoint (32) | headroom (128) ...  | content ... | tailroom (>= 64) |
 * </pre>
 *
 * <p>One owner at a time: offering the buffer to a {@link PacketRing} gives it away with all its
 * fields. The fields below are facts that one step writes and later steps read; the step that
 * writes a field is named beside it.
 */
public final class PacketBuffer {
    /** No port, tunnel or session. */
    public static final int NONE = -1;

    private final int slot;
    private final int base;
    private final UnsafeBuffer memory;

    private int offset;
    private int length;

    /** LAN interface the packet came in by, or {@link #NONE}. Written by the frame decoder. */
    public int ingressInterface;

    /** WAN link the datagram came in by. Written by the receiver. */
    public int ingressLink;

    /** Index of the tunnel it came in by, or {@link #NONE}. Written by the demultiplexer. */
    public int ingressTunnel;

    /** Connection ID of a record for the handshake, else 0. Written by the demultiplexer. */
    public int connectionId;

    /** Index of the session that opens it. Written by the demultiplexer. */
    public int session;

    /** When it was received, in the agent's nanoseconds. Written by the readers. */
    public long receivedNs;

    /** First byte inside a record ({@code ContentType}). Written by the opener and by builders. */
    public byte contentType;

    /** MAC of the frame's sender. Written by the frame decoder. */
    public long ingressMac;

    /**
     * Whether its sender only answers by the tunnel that the flow came by, against the site's
     * transport. Written by the opener for what arrives, by the router for what leaves.
     */
    public boolean isAnswer;

    /** Whether our own kernel sent it. Written by the frame decoder. */
    public boolean isFromHost;

    /** 4 or 6. Written by the packet decoder, as everything down to {@link #tuple}. */
    public int ipVersion;

    /** IP protocol number of the transport header, behind any IPv6 extension headers. */
    public int protocol;

    /** Bytes from the packet's first byte to its transport header. */
    public int transportOffset;

    /** Whether it is a fragment but the first, so that there is no transport header. */
    public boolean isLaterFragment;

    /** Whether it is any fragment of a larger packet. */
    public boolean isFragment;

    /** Addresses, ports and protocol. */
    public final FiveTuple tuple = new FiveTuple();

    /** Flow table entry, or {@link #NONE}. Written by the firewall. */
    public int flow;

    /** {@code Exits} code of where it leaves. Written by the router, or by the builder. */
    public int exit;

    /** LAN interface it leaves by, when the exit is a LAN port. Written by the router. */
    public int egressInterface;

    /** Neighbour it is handed to on a LAN. Written by the router; IPv4 in the low 32 bits. */
    public long nextHopHigh;

    public long nextHopLow;

    /** Neighbour's MAC when it is known without asking, else 0. Written by the builder. */
    public long nextHopMac;

    /** Whether the Ethernet header already stands in front (ARP and ND answers). */
    public boolean isFramed;

    PacketBuffer(int slot, int base, UnsafeBuffer memory) {
        this.slot = slot;
        this.base = base;
        this.memory = memory;
    }

    public int slot() {
        return slot;
    }

    /** The whole pool's memory; {@link #offset()} is an index into it. */
    public UnsafeBuffer memory() {
        return memory;
    }

    /** Index of the first content byte in {@link #memory()}. */
    public int offset() {
        return offset;
    }

    /** Content bytes. */
    public int length() {
        return length;
    }

    /** Raw address of the first content byte, for system calls and ciphers. */
    public long address() {
        return memory.addressOffset() + offset;
    }

    /**
     * Where the sockaddr of the datagram's sender stands, {@link PacketPool#ENDPOINT_LENGTH} long.
     */
    public long endpointAddress() {
        return memory.addressOffset() + base;
    }

    /** Sets the content to {@code length} bytes from the slot's first usable byte. */
    public void reset(int contentLength) {
        set(base + PacketPool.CONTENT_OFFSET, contentLength);
    }

    /** Moves the content's bounds inside the slot. */
    public void set(int contentOffset, int contentLength) {
        assert contentOffset >= base + PacketPool.ENDPOINT_LENGTH : contentOffset - base;
        assert contentOffset + contentLength <= base + PacketPool.STRIDE : contentLength;
        offset = contentOffset;
        length = contentLength;
    }

    /** Takes {@code bytes} off the front: a header was consumed. */
    public void pull(int bytes) {
        assert bytes <= length;
        set(offset + bytes, length - bytes);
    }

    /** Adds {@code bytes} in front: room for a header. */
    public void push(int bytes) {
        set(offset - bytes, length + bytes);
    }

    /** Cuts the content to its first {@code contentLength} bytes. */
    public void truncate(int contentLength) {
        assert contentLength <= length;
        length = contentLength;
    }

    /** Forgets everything that an earlier owner found out. */
    void clear() {
        ingressInterface = NONE;
        ingressLink = NONE;
        ingressTunnel = NONE;
        connectionId = 0;
        session = NONE;
        receivedNs = 0;
        contentType = 0;
        isAnswer = false;
        ingressMac = 0;
        isFromHost = false;
        isLaterFragment = false;
        isFragment = false;
        flow = NONE;
        exit = NONE;
        egressInterface = NONE;
        nextHopHigh = 0;
        nextHopLow = 0;
        nextHopMac = 0;
        isFramed = false;
        reset(0);
    }
}
