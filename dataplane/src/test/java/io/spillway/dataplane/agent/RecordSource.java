package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.forward.ContentType;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import io.spillway.tap.UdpSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/** A far end that sends one packet again and again, each time in a fresh record, or as it is. */
final class RecordSource {
    private static final int PACKETS_PER_CALL_MAX = 32;

    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
    private final UnsafeBuffer messages = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final UnsafeBuffer endpoint =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));
    private final UdpSocket socket;
    private final Session session;
    private final int length;

    /**
     * @param session seals each; null: the bytes go as they are
     */
    RecordSource(UdpSocket socket, InetSocketAddress remote, Session session, byte[] packet) {
        this.socket = socket;
        this.session = session;
        EndpointAddress.encode(remote, endpoint.addressOffset());
        if (session == null) {
            this.packet.putBytes(0, packet);
            length = packet.length;
        } else {
            this.packet.putByte(0, ContentType.PACKET);
            this.packet.putBytes(ContentType.LENGTH, packet);
            length = ContentType.LENGTH + packet.length;
        }
    }

    /** Sends up to 32 with one call, which the kernel may hand over as one message. */
    void send(int count) {
        for (int left = count; left > 0; left -= PACKETS_PER_CALL_MAX) {
            sendAtOnce(Math.min(left, PACKETS_PER_CALL_MAX));
        }
    }

    private void sendAtOnce(int count) {
        int bytes = 0;
        int each = 0;
        for (int i = 0; i < count; i++) {
            each = write(bytes);
            bytes += each;
        }
        int result;
        do {
            int segmentLength = count == 1 ? 0 : each;
            result =
                    socket.send(
                            messages.addressOffset(),
                            bytes,
                            segmentLength,
                            endpoint.addressOffset());
            if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                LockSupport.parkNanos(50_000);
            }
        } while (result == -Errno.EAGAIN || result == -Errno.ENOBUFS);
        if (result < 0) {
            throw new AssertionError(Errno.name(-result));
        }
    }

    private int write(int offset) {
        if (session == null) {
            messages.putBytes(offset, packet, 0, length);
            return length;
        }
        return session.sealer().seal(packet, 0, length, messages, offset);
    }
}
