package io.spillway.dataplane.forward;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.tap.EndpointAddress;
import java.util.Arrays;

/**
 * The sessions that open records, found by connection ID (RFC 9146: whoever receives it chooses it,
 * so its low bits are an index here), or by the sender's endpoint where none was negotiated.
 *
 * <p>Owned by a WAN agent.
 */
public final class SessionTable {
    /** Bits of a connection ID that are the index; the rest is random. */
    public static final int INDEX_BITS = 16;

    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

    /** Peers without connection IDs are foreign implementations: a few. */
    private static final int PLAIN_SESSIONS_MAX = 64;

    private Session[] sessions = new Session[64];
    private Tunnel[] tunnels = new Tunnel[64];
    private boolean[] isOpened = new boolean[64];
    private final int[] plain = new int[PLAIN_SESSIONS_MAX];
    private int plainCount;

    /** False when its place is taken, or too many have no connection ID. */
    public boolean add(Session session, Tunnel tunnel) {
        int index =
                session.hasConnectionId()
                        ? session.localConnectionId() & INDEX_MASK
                        : freePlainIndex();
        if (index < 0) {
            return false;
        }
        grow(index);
        if (sessions[index] != null) {
            return false;
        }
        sessions[index] = session;
        tunnels[index] = tunnel;
        isOpened[index] = false;
        if (!session.hasConnectionId()) {
            plain[plainCount++] = index;
        }
        return true;
    }

    /** Closes the session; its records are unknown from now on. */
    public void remove(Session session) {
        for (int index = 0; index < sessions.length; index++) {
            if (sessions[index] == session) {
                closeAt(index);
            }
        }
    }

    /** Closes every session of the tunnel. */
    public void removeAll(Tunnel tunnel) {
        for (int index = 0; index < sessions.length; index++) {
            if (tunnels[index] == tunnel) {
                closeAt(index);
            }
        }
    }

    int find(int connectionId) {
        int index = connectionId & INDEX_MASK;
        boolean known =
                index < sessions.length
                        && sessions[index] != null
                        && sessions[index].hasConnectionId()
                        && sessions[index].localConnectionId() == connectionId;
        return known ? index : PacketBuffer.NONE;
    }

    /** The newest: who shakes hands again from the same endpoint has forgotten the keys before. */
    int findByEndpoint(long endpointAddress) {
        for (int i = plainCount - 1; i >= 0; i--) {
            if (EndpointAddress.matches(tunnels[plain[i]].endpointAddress(), endpointAddress)) {
                return plain[i];
            }
        }
        return PacketBuffer.NONE;
    }

    Session session(int index) {
        return sessions[index];
    }

    Tunnel tunnel(int index) {
        return tunnels[index];
    }

    /** True once: at the session's first authenticated record. */
    boolean noteOpened(int index) {
        boolean isFirst = !isOpened[index];
        isOpened[index] = true;
        return isFirst;
    }

    private int freePlainIndex() {
        if (plainCount == PLAIN_SESSIONS_MAX) {
            return -1;
        }
        // From the far end, where connection IDs, handed out from 0 on, come last.
        for (int index = INDEX_MASK; index > INDEX_MASK - 2 * PLAIN_SESSIONS_MAX; index--) {
            if (index >= sessions.length || sessions[index] == null) {
                return index;
            }
        }
        return -1;
    }

    private void grow(int index) {
        if (index >= sessions.length) {
            int length = Math.min(INDEX_MASK + 1, Integer.highestOneBit(index) << 1);
            sessions = Arrays.copyOf(sessions, length);
            tunnels = Arrays.copyOf(tunnels, length);
            isOpened = Arrays.copyOf(isOpened, length);
        }
    }

    private void closeAt(int index) {
        tunnels[index].remove(sessions[index]);
        sessions[index].close();
        sessions[index] = null;
        tunnels[index] = null;
        forgetPlain(index);
    }

    /** The rest stay in the order of their coming. */
    private void forgetPlain(int index) {
        for (int i = 0; i < plainCount; i++) {
            if (plain[i] == index) {
                plainCount--;
                System.arraycopy(plain, i + 1, plain, i, plainCount - i);
                return;
            }
        }
    }
}
