package io.spillway.dataplane.buffer;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes in a slot of the {@link PacketPool} and what is known about them: a frame, a packet, a
 * record or a datagram in turn.
 *
 * <pre>
 *   slot base                                    offset        offset + length
 *   | source endpoint (32) | headroom (128) ...  | content ... | tailroom (>= 64) |
 * </pre>
 *
 * <p>Several buffers may share a slot: datagrams that one system call brought lie there side by
 * side.
 *
 * <p>Packets of one flow may walk as one, in two forms. A <em>super-frame</em> is one header in
 * front of the payload of many packets, as a port's kernel gives it ({@link #segmentLength}). A
 * <em>train</em> is packets, each whole, behind one another ({@link #next()}); what is decided
 * about its first is decided about all.
 *
 * <p>One owner at a time: offering the buffer to a {@link PacketRing} gives it away with all its
 * fields. The fields below are facts that one step writes and later steps read; the step that
 * writes a field is named beside it.
 */
public final class PacketBuffer {
    /** No port, tunnel or session. */
    public static final int NONE = -1;

    private final int number;
    private final int home;
    private final UnsafeBuffer memory;

    private int slot;
    private int base;
    private int offset;
    private int length;
    private PacketBuffer next;
    private PacketBuffer last;
    private int packetCount;

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
     * Whether it says nothing of the tunnel that its flow is to take: its sender only answers by
     * the one that the flow came by, against the site's transport, or it is a proof. Written by the
     * opener for what arrives, by the router and {@code ProofEcho} for what leaves.
     */
    public boolean isAnswer;

    /** Whether our own kernel sent it. Written by the frame decoder. */
    public boolean isFromHost;

    /** GSO type of {@code VirtioNetHeader}, 0 for a single packet. Written by the frame decoder. */
    public int gsoType;

    /**
     * Payload bytes of each packet but the last in a super-frame; 0 for a single packet. Written by
     * the frame decoder, proved by the packet decoder.
     */
    public int segmentLength;

    /**
     * From which of the packet's bytes on a checksum is still to be computed, or {@link #NONE}.
     * Written by the frame decoder.
     */
    public int checksumStart;

    /** Where that checksum goes, in bytes from {@link #checksumStart}. */
    public int checksumField;

    /**
     * Whether the checksum of TCP or UDP covers the pseudo-header only, so that whoever puts the
     * packet on a wire completes it. Written by the opener, proved by the packet decoder.
     */
    public boolean isChecksumPartial;

    /**
     * 4 or 6. Written by the packet decoder, as everything down to {@link #tuple}; of a neighbour's
     * message by the port agent that hands it to the gateway, 0 for ARP, 4 for DHCP.
     */
    public int ipVersion;

    /** IP protocol number of the transport header, behind any IPv6 extension headers. */
    public int protocol;

    /** Bytes from the packet's first byte to its transport header. */
    public int transportOffset;

    /** Bytes from the packet's first byte to what TCP or UDP carries; else the transport offset. */
    public int payloadOffset;

    /** Whether it is a fragment but the first, so that there is no transport header. */
    public boolean isLaterFragment;

    /** Whether it is any fragment of a larger packet. */
    public boolean isFragment;

    /** Addresses, ports and protocol. */
    public final FiveTuple tuple = new FiveTuple();

    /** Flow table entry, or {@link #NONE}. Written by the firewall. */
    public int flow;

    /** Whether one of our own hosts sent it, and it came by a PoP. Written by the source guard. */
    public boolean comesBack;

    /**
     * Whether it takes the way through the cloud although it leads here. Written by the firewall.
     */
    public boolean goesToCloud;

    /**
     * Number of the rule that chooses its transport to another site, 0: none does. Written by the
     * firewall.
     */
    public int wanRule;

    /** {@code Exits} code of where it leaves. Written by the router, or by the builder. */
    public int exit;

    /** LAN interface it leaves by, when the exit is a LAN port. Written by the router. */
    public int egressInterface;

    /** Neighbour it is handed to on a LAN. Written by the router; IPv4 in the low 32 bits. */
    public long nextHopHigh;

    public long nextHopLow;

    /** Neighbour's MAC when it is known without asking, else 0. Written by the builder. */
    public long nextHopMac;

    /** Whether the Ethernet header already stands in front. */
    public boolean isFramed;

    /** Bytes of Ethernet header in front of a packet. Written by the frame encoder. */
    public int linkLength;

    /**
     * Tells it apart from all other packets, wherever it is copied; 0: it was not yet. Written by
     * the first of the {@link CaptureStep}s that copies it.
     */
    public long captureId;

    /** The packet behind it in a shaped link's queue. Written by the queue, as the next three. */
    public PacketBuffer nextQueued;

    /** When it began to wait for a shaped link, in the agent's nanoseconds. */
    public long queuedNs;

    /** Bytes that each of its packets has on the link beside itself. */
    public int wireOverhead;

    /** {@link #countSlots} as it was then. */
    public int slotsHeld;

    PacketBuffer(int number, int home, UnsafeBuffer memory) {
        this.number = number;
        this.home = home;
        this.memory = memory;
    }

    /** What stands for it in a ring. */
    public int number() {
        return number;
    }

    /** Index of the pool it belongs to. */
    int home() {
        return home;
    }

    int slot() {
        return slot;
    }

    /** The packet behind it in its train, or null. */
    public PacketBuffer next() {
        return next;
    }

    /** Packets that a first one stands for: of its train, or of its super-frame. */
    public int packetCount() {
        return packetCount;
    }

    /** Says how many packets a super-frame holds. */
    public void packetCount(int count) {
        packetCount = count;
    }

    /** Takes over what is known of the super-frame of which this is a part. */
    public void copyFacts(PacketBuffer superFrame) {
        contentType = superFrame.contentType;
        isAnswer = superFrame.isAnswer;
        segmentLength = superFrame.segmentLength;
        isChecksumPartial = superFrame.isChecksumPartial;
        ipVersion = superFrame.ipVersion;
        protocol = superFrame.protocol;
        transportOffset = superFrame.transportOffset;
        payloadOffset = superFrame.payloadOffset;
        exit = superFrame.exit;
        captureId = superFrame.captureId;
    }

    /** Puts a single packet at the end of the train that begins here. */
    public void append(PacketBuffer packet) {
        assert packet.next == null && segmentLength == 0;
        last.next = packet;
        last = packet;
        packetCount++;
    }

    /** The last packet of the train that begins here; this one when it is alone. */
    public PacketBuffer last() {
        return last;
    }

    /** Leaves the train that begins here; returns what is left of it, or null. */
    public PacketBuffer detach() {
        PacketBuffer rest = next;
        if (rest != null) {
            rest.last = last;
            rest.packetCount = packetCount - 1;
            next = null;
            last = this;
            packetCount = 1;
        }
        return rest;
    }

    /**
     * Packet slots that it keeps from others, with its train: neighbours in one slot count once,
     * but buffers are as scarce as slots are.
     */
    public int countSlots() {
        int slots = 1;
        for (PacketBuffer each = this; each.next != null; each = each.next) {
            if (each.next.slot != each.slot) {
                slots++;
            }
        }
        int buffers = next == null ? 1 : packetCount;
        return Math.max(slots, buffers / PacketPool.BUFFERS_PER_SLOT);
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

    /**
     * Puts back in front what was taken off since {@link #reset}, but for the first bytes.
     *
     * @param skipped of those, or more than the content has had
     */
    public void putBack(int skipped) {
        int end = offset + length;
        int start = Math.min(end, base + PacketPool.CONTENT_OFFSET + skipped);
        set(start, end - start);
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

    /** Takes a place in a slot; forgets everything that an earlier owner found out. */
    void enter(int newSlot) {
        slot = newSlot;
        base = newSlot * PacketPool.STRIDE;
        next = null;
        last = this;
        packetCount = 1;
        gsoType = 0;
        segmentLength = 0;
        checksumStart = NONE;
        isChecksumPartial = false;
        linkLength = 0;
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
        comesBack = false;
        goesToCloud = false;
        wanRule = 0;
        exit = NONE;
        egressInterface = NONE;
        nextHopHigh = 0;
        nextHopLow = 0;
        nextHopMac = 0;
        isFramed = false;
        captureId = 0;
        reset(0);
    }
}
