package io.spillway.routing.mrt;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes a file as {@link MrtReader} reads it. The stream stays the caller's. Not thread safe. */
public final class MrtWriter {
    private static final int ATTRIBUTES_LENGTH_MAX = 0xFFFF;
    private static final int ENTRY_LENGTH = 8;

    /** Of a route without its paths. */
    private static final int ROUTE_LENGTH_MAX = 4 + 1 + 16 + 2;

    private final OutputStream out;
    private final int timeS;
    private int sequence;

    /**
     * @param timeS of the records, seconds since 1970
     */
    public MrtWriter(OutputStream out, long timeS) {
        this.out = out;
        this.timeS = (int) timeS;
    }

    /** First of all, and once. */
    public void writePeers(int collectorId, String view, List<MrtPeer> peers) throws IOException {
        byte[] name = view.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(8 + name.length + 25 * peers.size());
        content.putInt(collectorId).putShort((short) name.length).put(name);
        content.putShort((short) peers.size());
        for (MrtPeer peer : peers) {
            boolean isIpv4 = peer.address().isIpv4();
            int kind = MrtReader.PEER_AS4 | (isIpv4 ? 0 : MrtReader.PEER_IPV6);
            content.put((byte) kind).putInt(peer.bgpId());
            put(content, peer.address());
            content.putInt((int) peer.as());
        }
        write(MrtReader.PEER_INDEX_TABLE, content);
    }

    private static void put(ByteBuffer content, IpAddress address) {
        if (address.isIpv4()) {
            content.putInt(address.toIpv4());
        } else {
            content.putLong(address.high()).putLong(address.low());
        }
    }

    /**
     * @throws IllegalArgumentException when a path has more attributes than there may be
     */
    public void writeRoute(Prefix prefix, List<MrtPath> paths) throws IOException {
        int length = ROUTE_LENGTH_MAX;
        for (MrtPath path : paths) {
            if (path.attributes().length > ATTRIBUTES_LENGTH_MAX) {
                throw new IllegalArgumentException(path.attributes().length + " bytes of a path");
            }
            length += ENTRY_LENGTH + path.attributes().length;
        }
        ByteBuffer content = ByteBuffer.allocate(length);
        content.putInt(sequence++).put((byte) prefix.length());
        for (int i = 0; i < prefix.length() + 7 >>> 3; i++) {
            long half = i < Long.BYTES ? prefix.high() : prefix.low();
            content.put((byte) (half >>> 56 - 8 * (i & 7)));
        }
        content.putShort((short) paths.size());
        for (MrtPath path : paths) {
            content.putShort((short) path.peer()).putInt((int) path.originatedS());
            content.putShort((short) path.attributes().length).put(path.attributes());
        }
        boolean isIpv4 = prefix.isIpv4();
        write(isIpv4 ? MrtReader.RIB_IPV4_UNICAST : MrtReader.RIB_IPV6_UNICAST, content);
    }

    private void write(int subtype, ByteBuffer content) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(MrtReader.HEADER_LENGTH);
        header.putInt(timeS).putShort((short) MrtReader.TABLE_DUMP_V2).putShort((short) subtype);
        header.putInt(content.position());
        out.write(header.array());
        out.write(content.array(), 0, content.position());
    }
}
