package io.spillway.dataplane.sim;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.Session;
import io.spillway.crypto.SessionKeys;
import io.spillway.crypto.record.RecordCiphers;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Both ends of an association with keys made from a number, as a handshake would yield it: the
 * client may seal at once, the server, who sent the last flight, once it heard the client.
 */
public record SessionPair(Session client, Session server) {
    private static final RecordCiphers CIPHERS = RecordCiphers.choose("auto");

    /** A connection ID of 0 is none. */
    public static SessionPair of(int key, int clientConnectionId, int serverConnectionId) {
        byte[] client = connectionId(clientConnectionId);
        byte[] server = connectionId(serverConnectionId);
        return new SessionPair(
                Session.of(keys(key, 1, 2), client.clone(), server.clone(), false, CIPHERS),
                Session.of(keys(key, 2, 1), server.clone(), client.clone(), true, CIPHERS));
    }

    private static SessionKeys keys(int key, int seal, int open) {
        return new SessionKeys(
                RecordSuite.AES_128_GCM,
                secret(16, key, seal),
                secret(4, key, seal),
                secret(16, key, open),
                secret(4, key, open));
    }

    private static byte[] secret(int length, int key, int direction) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) (key * 2 + direction));
        ByteBuffer.wrap(bytes).putInt(key * 4 + direction);
        return bytes;
    }

    private static byte[] connectionId(int id) {
        return id == 0 ? new byte[0] : ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
    }
}
