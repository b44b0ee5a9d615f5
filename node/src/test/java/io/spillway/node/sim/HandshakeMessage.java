package io.spillway.node.sim;

import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.Role;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A flight of the simulated handshake, one datagram: a DTLS record of epoch 0, or of epoch 1 with
 * the receiver's connection ID for the two Finished.
 *
 * <pre>
 *   | record header (13) | handshake header (12) | version (2) | random (32) | cookie (4) |
 *   | role (1) | site ID (8) | connection ID (4) | account and name, lengths in front |
 * </pre>
 */
record HandshakeMessage(
        int type, byte[] random, PeerIdentity sender, byte[] connectionId, int cookie) {
    static final int RANDOM_LENGTH = 32;
    static final int CLIENT_HELLO = 1;
    static final int SERVER_HELLO = 2;
    static final int VERIFY = 3;
    static final int CLIENT_FINISHED = 20;
    static final int SERVER_FINISHED = 21;

    private static final int LENGTH_MAX = 512;
    private static final byte[] NO_CONNECTION_ID = new byte[4];
    private static final PeerIdentity NOBODY = new PeerIdentity("", Role.POP, 0, "", null);

    static HandshakeMessage of(
            int type, byte[] random, PeerIdentity sender, byte[] connectionId, int cookie) {
        return new HandshakeMessage(
                type,
                random,
                sender == null ? NOBODY : sender,
                connectionId == null ? NO_CONNECTION_ID : connectionId,
                cookie);
    }

    /**
     * @param to the receiver's connection ID when it is a Finished, else null
     */
    byte[] encode(byte[] to) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_MAX);
        bytes.put((byte) (to == null ? 22 : 25)).putShort((short) 0xfefd);
        bytes.putShort((short) (to == null ? 0 : 1)).putShort((short) 0).putInt(0);
        if (to != null) {
            bytes.put(to);
        }
        bytes.putShort((short) 0);
        bytes.put((byte) type).put(new byte[11]).putShort((short) 0xfefd);
        bytes.put(random).putInt(cookie).put((byte) sender.role().ordinal());
        bytes.putLong(sender.siteId()).put(connectionId);
        text(bytes, sender.account());
        text(bytes, sender.name());
        byte[] datagram = new byte[bytes.position()];
        bytes.flip().get(datagram);
        return datagram;
    }

    /** Null for anything else. */
    static HandshakeMessage decode(byte[] datagram) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(datagram);
            int recordType = bytes.get();
            bytes.position(recordType == 25 ? 17 : 13);
            int type = bytes.get();
            bytes.position(bytes.position() + 13);
            byte[] random = new byte[RANDOM_LENGTH];
            bytes.get(random);
            int cookie = bytes.getInt();
            Role role = Role.values()[bytes.get()];
            long siteId = bytes.getLong();
            byte[] connectionId = new byte[4];
            bytes.get(connectionId);
            PeerIdentity sender = identity(text(bytes), role, siteId, text(bytes));
            return new HandshakeMessage(type, random, sender, connectionId, cookie);
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static PeerIdentity identity(String account, Role role, long siteId, String name) {
        return new PeerIdentity(account, role, siteId, name, SimCertificates.of(name));
    }

    private static void text(ByteBuffer bytes, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        bytes.put((byte) encoded.length).put(encoded);
    }

    private static String text(ByteBuffer bytes) {
        byte[] encoded = new byte[bytes.get() & 0xff];
        bytes.get(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }
}
