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
    private final UnsafeBuffer plaintext = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
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
            record.putBytes(0, packet);
            length = packet.length;
        } else {
            plaintext.putByte(0, ContentType.PACKET);
            plaintext.putBytes(ContentType.LENGTH, packet);
            length = ContentType.LENGTH + packet.length;
        }
    }

    void send(int count) {
        for (int i = 0; i < count; i++) {
            int bytes =
                    session == null
                            ? length
                            : session.sealer().seal(plaintext, 0, length, record, 0);
            int result;
            do {
                result = socket.send(record.addressOffset(), bytes, 0, endpoint.addressOffset());
                if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                    LockSupport.parkNanos(50_000);
                }
            } while (result == -Errno.EAGAIN || result == -Errno.ENOBUFS);
            if (result < 0) {
                throw new AssertionError(Errno.name(-result));
            }
        }
    }
}
