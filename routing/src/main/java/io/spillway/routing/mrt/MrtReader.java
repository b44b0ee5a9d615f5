package io.spillway.routing.mrt;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a file record by record, plain or gzip; holds one record at a time. Not thread safe.
 *
 * <pre>
 *   0          4      6         8        12
 *   timestamp  type   subtype   length   record
 *
 *   PEER_INDEX_TABLE   collector 4, view name 2 + n, count 2, peers
 *     peer             type 1 (1: IPv6, 2: AS of 4), BGP ID 4, address 4 or 16, AS 2 or 4
 *   RIB_IPVn_UNICAST   sequence 4, prefix length 1, as many bytes as hold it, count 2, entries
 *     entry            peer index 2, originated 4, length 2, attributes
 * </pre>
 *
 * <p>Records of other types and subtypes are left out and counted. Bad input: the first thing that
 * is wrong ends the reading with a {@link MrtException}.
 */
public final class MrtReader {
    // RFC 6396
    static final int HEADER_LENGTH = 12;
    static final int TABLE_DUMP_V2 = 13;
    static final int PEER_INDEX_TABLE = 1;
    static final int RIB_IPV4_UNICAST = 2;
    static final int RIB_IPV6_UNICAST = 4;
    static final int PEER_IPV6 = 1;
    static final int PEER_AS4 = 2;

    /** Ours: a prefix that thousands of peers announce with long paths takes less. */
    static final int RECORD_LENGTH_MAX = 4 << 20;

    private static final int GZIP_MAGIC = 0x1f8b;

    private InputStream in;
    private final MrtListener listener;
    private final byte[] header = new byte[HEADER_LENGTH];
    private byte[] record = new byte[4096];
    private long offset; // of the record's content
    private int peerCount = -1;
    private long skipped;

    private MrtReader(MrtListener listener) {
        this.listener = listener;
    }

    /**
     * Reads to the end; blocks. The stream stays the caller's.
     *
     * @return how many records were left out
     * @throws MrtException saying where and what is wrong
     */
    public static long read(InputStream in, MrtListener listener) throws IOException {
        MrtReader reader = new MrtReader(listener);
        try {
            reader.in = unzipped(in);
            reader.readAll();
        } catch (ZipException | EOFException e) {
            throw new MrtException(
                    reader.offset, "the compressed file is damaged: " + e.getMessage());
        }
        return reader.skipped;
    }

    private static InputStream unzipped(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 64 << 10);
        buffered.mark(2);
        int magic = buffered.read() << 8 | buffered.read();
        buffered.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(buffered, 64 << 10) : buffered;
    }

    private void readAll() throws IOException {
        while (true) {
            int headerLength = in.readNBytes(header, 0, HEADER_LENGTH);
            if (headerLength == 0) {
                return;
            }
            if (headerLength < HEADER_LENGTH) {
                throw new MrtException(offset, "the header of a record is cut short");
            }
            ByteBuffer fields = ByteBuffer.wrap(header);
            int type = Short.toUnsignedInt(fields.getShort(4));
            int subtype = Short.toUnsignedInt(fields.getShort(6));
            long length = Integer.toUnsignedLong(fields.getInt(8));
            if (length > RECORD_LENGTH_MAX) {
                String why = "a record of " + length + " bytes, at most " + RECORD_LENGTH_MAX;
                throw new MrtException(offset, why);
            }
            offset += HEADER_LENGTH;
            readRecord(type, subtype, (int) length);
            offset += length;
        }
    }

    private void readRecord(int type, int subtype, int length) throws IOException {
        if (record.length < length) {
            record = new byte[Math.max(length, 2 * record.length)];
        }
        if (in.readNBytes(record, 0, length) < length) {
            throw new MrtException(offset, "a record is cut short");
        }
        ByteBuffer content = ByteBuffer.wrap(record, 0, length);
        switch (type == TABLE_DUMP_V2 ? subtype : 0) {
            case PEER_INDEX_TABLE -> readPeers(content);
            case RIB_IPV4_UNICAST -> readRoute(content, true);
            case RIB_IPV6_UNICAST -> readRoute(content, false);
            default -> {
                skipped++;
                return;
            }
        }
        if (content.hasRemaining()) {
            throw wrong(content, content.remaining() + " bytes too many in a record");
        }
    }

    private MrtException wrong(ByteBuffer content, String reason) {
        return new MrtException(offset + content.position(), reason);
    }

    private void require(ByteBuffer content, int length, String what) throws MrtException {
        if (content.remaining() < length) {
            throw wrong(content, what + " is cut short");
        }
    }

    private void readPeers(ByteBuffer content) throws MrtException {
        require(content, 6, "the peer index table");
        content.getInt(); // the collector
        int nameLength = Short.toUnsignedInt(content.getShort());
        require(content, nameLength + 2, "the view name");
        content.position(content.position() + nameLength);
        int count = Short.toUnsignedInt(content.getShort());
        List<MrtPeer> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            peers.add(readPeer(content));
        }
        peerCount = count;
        listener.onPeers(List.copyOf(peers));
    }

    private MrtPeer readPeer(ByteBuffer content) throws MrtException {
        require(content, 5, "a peer");
        int kind = content.get();
        int bgpId = content.getInt();
        boolean isIpv6 = (kind & PEER_IPV6) != 0;
        boolean isAs4 = (kind & PEER_AS4) != 0;
        require(content, (isIpv6 ? 16 : 4) + (isAs4 ? 4 : 2), "a peer");
        IpAddress address =
                isIpv6
                        ? IpAddress.ofIpv6(content.getLong(), content.getLong())
                        : IpAddress.ofIpv4(content.getInt());
        long as =
                isAs4
                        ? Integer.toUnsignedLong(content.getInt())
                        : Short.toUnsignedLong(content.getShort());
        return new MrtPeer(bgpId, address, as);
    }

    private void readRoute(ByteBuffer content, boolean isIpv4) throws MrtException {
        if (peerCount < 0) {
            throw wrong(content, "a route before the peer index table");
        }
        require(content, 5, "a route");
        content.getInt(); // the sequence number
        Prefix prefix = readPrefix(content, isIpv4);
        require(content, 2, "a route");
        int count = Short.toUnsignedInt(content.getShort());
        List<MrtPath> paths = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            paths.add(readPath(content));
        }
        listener.onRoute(prefix, List.copyOf(paths));
    }

    private Prefix readPrefix(ByteBuffer content, boolean isIpv4) throws MrtException {
        int length = Byte.toUnsignedInt(content.get());
        int lengthMax = isIpv4 ? Prefix.IPV4_LENGTH_MAX : Prefix.IPV6_LENGTH_MAX;
        if (length > lengthMax) {
            throw wrong(content, "prefix length " + length);
        }
        int byteCount = length + 7 >>> 3;
        require(content, byteCount, "a prefix");
        long high = 0;
        long low = 0;
        for (int i = 0; i < byteCount; i++) {
            long bits = Byte.toUnsignedLong(content.get()) << 56 - 8 * (i & 7);
            high |= i < Long.BYTES ? bits : 0;
            low |= i < Long.BYTES ? 0 : bits;
        }
        return Prefix.containing(new IpAddress(isIpv4, high, low), length);
    }

    private MrtPath readPath(ByteBuffer content) throws MrtException {
        require(content, 8, "a path");
        int peer = Short.toUnsignedInt(content.getShort());
        if (peer >= peerCount) {
            throw wrong(content, "peer " + peer + " of " + peerCount);
        }
        long originatedS = Integer.toUnsignedLong(content.getInt());
        int length = Short.toUnsignedInt(content.getShort());
        require(content, length, "a path's attributes");
        byte[] attributes = new byte[length];
        content.get(attributes);
        String fault = MrtAttributes.fault(attributes);
        if (!fault.isEmpty()) {
            throw wrong(content, fault);
        }
        return new MrtPath(peer, originatedS, attributes);
    }
}
