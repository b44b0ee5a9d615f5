package io.spillway.dataplane.forward;

import io.spillway.crypto.Session;
import io.spillway.crypto.record.RecordHeader;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import io.spillway.dataplane.observe.Gauge;
import io.spillway.dataplane.observe.TrafficCounter;
import io.spillway.tap.EndpointAddress;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A peer (a site, or a PoP) over one local WAN link and one remote endpoint, with the ring of
 * packets that wait to be sealed for it. It carries a session when up.
 *
 * <p>Made by control, owned once published by the agent of its WAN thread; control and the agent
 * that routes read the gauges and the counters.
 */
public final class Tunnel {
    /** Site ID of a tunnel whose peer is a PoP. */
    public static final long POP = 0;

    /** An answer that takes longer is not waited for. */
    private static final long CHECK_NS = 1_000_000_000L;

    private static final int NOTHING_HEARD = -1;
    private static final int IPV4_UDP_LENGTH = 20 + 8;
    private static final int IPV6_UDP_LENGTH = 40 + 8;

    private final int index;
    private final int link;
    private final int wanThread;
    private final long siteId;
    private final int headersLength;
    private final UnsafeBuffer endpoint = newEndpoint();
    private final UnsafeBuffer candidate = newEndpoint();
    private final PacketRing ring;
    private final TrafficCounter packetsSent = new TrafficCounter();
    private final TrafficCounter packetsReceived = new TrafficCounter();

    /** All that open records, newest first. */
    private final List<Session> sessions = new ArrayList<>();

    private final Gauge mtu = new Gauge();
    private final Gauge up = new Gauge();
    private InetSocketAddress remote;
    private int pathMtu;
    private Session session;
    private long candidateToken;
    private long candidateEndNs;
    private boolean isChecking;
    private int heardFlags = NOTHING_HEARD;
    private boolean isWaiting;
    private Tunnel nextWaiting;

    /**
     * @param index position in the {@link TunnelTable}, unique in the process's life
     * @param link index of the WAN link
     * @param wanThread index of the WAN agent that owns it; 0 where one agent does all
     * @param siteId the peer's, or {@link #POP}
     * @param linkMtu largest IP packet the link takes, bytes; what the path is taken to carry
     * @param ringCapacity packets that may wait for the sealer
     */
    public Tunnel(
            int index,
            int link,
            int wanThread,
            long siteId,
            InetSocketAddress remote,
            int linkMtu,
            PacketPool pool,
            int ringCapacity) {
        this.index = index;
        this.link = link;
        this.wanThread = wanThread;
        this.siteId = siteId;
        this.remote = remote;
        boolean isIpv4 = remote.getAddress() instanceof Inet4Address;
        headersLength = isIpv4 ? IPV4_UDP_LENGTH : IPV6_UDP_LENGTH;
        pathMtu = linkMtu;
        EndpointAddress.encode(remote, endpoint.addressOffset());
        ring = new PacketRing(pool, ringCapacity);
    }

    public int index() {
        return index;
    }

    public int link() {
        return link;
    }

    public int wanThread() {
        return wanThread;
    }

    public long siteId() {
        return siteId;
    }

    public boolean isToPop() {
        return siteId == POP;
    }

    /** As control knows it, a moment late when the peer moves. Control only. */
    public InetSocketAddress remote() {
        return remote;
    }

    /** Control only, told by {@link TunnelNews#onMoved}. */
    public void remote(InetSocketAddress moved) {
        remote = moved;
    }

    /** Whether that is where we send to. Owner only. */
    boolean isAt(long endpointAddress) {
        return EndpointAddress.matches(endpoint.addressOffset(), endpointAddress);
    }

    /**
     * The peer may be there now; whoever can copy a record can make it look so, hence the check.
     * Owner only.
     *
     * @return whether a check is to be sent; not while one is under way
     */
    boolean beginCheck(long endpointAddress, long token, long nowNs) {
        if (isChecking && nowNs - candidateEndNs < 0) {
            return false;
        }
        isChecking = true;
        EndpointAddress.copy(endpointAddress, candidate.addressOffset());
        candidateToken = token;
        candidateEndNs = nowNs + CHECK_NS;
        return true;
    }

    /** An answer to a check came from there: whether the peer has moved. Owner only. */
    boolean hasMoved(long endpointAddress, long token) {
        return isChecking
                && token == candidateToken
                && EndpointAddress.matches(candidate.addressOffset(), endpointAddress);
    }

    /** From now on we send to where the check went. Owner only. */
    void move() {
        isChecking = false;
        EndpointAddress.copy(candidate.addressOffset(), endpoint.addressOffset());
    }

    /** Where a check goes. */
    long candidateAddress() {
        return candidate.addressOffset();
    }

    private static UnsafeBuffer newEndpoint() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));
    }

    /** Largest IP packet that fits a record here, bytes; 0 without a session. Any thread. */
    public int mtu() {
        return mtu.get();
    }

    /** IP packets sealed for the peer, probes not counted. */
    public TrafficCounter packetsSent() {
        return packetsSent;
    }

    /** IP packets opened from the peer, probes not counted. */
    public TrafficCounter packetsReceived() {
        return packetsReceived;
    }

    /** Whether a packet could be sealed now. Owner only. */
    boolean isReady() {
        return session != null && session.maySeal();
    }

    /** As {@link #isReady}, for whoever chooses among tunnels. Any thread. */
    boolean isUp() {
        return up.get() != 0;
    }

    Session session() {
        return session;
    }

    /**
     * Seals with {@code installed} as soon as it may; until then the present session goes on, so
     * that a rekey loses nothing. Owner only.
     */
    public void install(Session installed) {
        sessions.addFirst(installed);
        heardFlags = NOTHING_HEARD;
        choose();
    }

    /**
     * The peer's flags in a PROBE or a reply. Owner only.
     *
     * @return whether they are others than before, or the first since a session was installed
     */
    boolean onFlags(int flags) {
        boolean isChange = flags != heardFlags;
        heardFlags = flags;
        return isChange;
    }

    /** A record of {@code opened} was authenticated. Owner only. */
    void onOpened(Session opened) {
        opened.onOpened();
        choose();
    }

    /** {@code removed} is about to be closed. Owner only. */
    void remove(Session removed) {
        sessions.remove(removed);
        choose();
    }

    /** The newest that may seal, or the newest when none may. */
    private void choose() {
        session = sessions.isEmpty() ? null : sessions.getFirst();
        for (int i = sessions.size() - 1; i >= 0; i--) {
            if (sessions.get(i).maySeal()) {
                session = sessions.get(i);
            }
        }
        up.set(isReady() ? 1 : 0);
        measure();
    }

    /**
     * The path carries packets of that length, headers included, and no longer ones. Owner only.
     */
    public void pathMtu(int bytes) {
        pathMtu = bytes;
        measure();
    }

    private void measure() {
        mtu.set(session == null ? 0 : contentLength(pathMtu));
    }

    /**
     * Bytes of content behind the type byte in a packet on the WAN of that length; of a tunnel with
     * a session. Owner only.
     */
    int contentLength(int packetLength) {
        int plaintextLength = packetLength - headersLength - session.sealer().overhead();
        return Math.min(plaintextLength, RecordHeader.PLAINTEXT_LENGTH_MAX) - ContentType.LENGTH;
    }

    /** Bytes that a packet has on the WAN beside itself. Owner only. */
    int wireOverhead() {
        int recordOverhead = session == null ? 0 : session.sealer().overhead();
        return ContentType.LENGTH + recordOverhead + headersLength;
    }

    PacketRing ring() {
        return ring;
    }

    long endpointAddress() {
        return endpoint.addressOffset();
    }

    /** Whether it stands in {@link TunnelRings}' queue. */
    boolean isWaiting() {
        return isWaiting;
    }

    void isWaiting(boolean waiting) {
        isWaiting = waiting;
    }

    /** The tunnel behind it in {@link TunnelRings}' queue. */
    Tunnel nextWaiting() {
        return nextWaiting;
    }

    void nextWaiting(Tunnel next) {
        nextWaiting = next;
    }
}
