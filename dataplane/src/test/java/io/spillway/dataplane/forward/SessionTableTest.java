package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.sim.SessionPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private final ForwardFixture fixture = new ForwardFixture();
    private final SessionTable table = fixture.sessions;

    @Test
    void shouldFindASessionByItsWholeConnectionId() {
        Session session = session(0x1234_0007);

        assertTrue(table.add(session, fixture.first));

        int index = table.find(0x1234_0007);
        assertSame(session, table.session(index));
        assertSame(fixture.first, table.tunnel(index));
        assertEquals(PacketBuffer.NONE, table.find(0x4321_0007));
        assertEquals(PacketBuffer.NONE, table.find(0x1234_0008));
        assertEquals(PacketBuffer.NONE, table.find(0x1234_FFFF));
    }

    @Test
    void shouldRefuseATakenIndex() {
        assertTrue(table.add(session(0x1111_0007), fixture.first));

        assertFalse(table.add(session(0x2222_0007), fixture.second));
    }

    @Test
    void shouldTakeEveryIndex() {
        int[] indexes = {0, 63, 64, 127, 128, 1000, 32767, 32768, 65535};
        for (int index : indexes) {
            assertTrue(table.add(session(0x7700_0000 | index), fixture.first), "index " + index);
        }

        for (int index : indexes) {
            assertEquals(index, table.find(0x7700_0000 | index));
        }
    }

    @Test
    void shouldForgetARemovedSessionAndUseItsPlaceAgain() {
        Session session = session(0x1111_0007);
        table.add(session, fixture.first);
        assertTrue(table.noteOpened(7));

        table.remove(session);

        assertEquals(PacketBuffer.NONE, table.find(0x1111_0007));
        assertNull(table.session(7));
        assertTrue(table.add(session(0x2222_0007), fixture.first));
        assertTrue(table.noteOpened(7), "a fresh session");
        assertFalse(table.noteOpened(7), "once");
    }

    @Test
    void shouldRemoveAllSessionsOfATunnel() {
        table.add(session(1), fixture.first);
        table.add(session(2), fixture.second);
        table.add(session(3), fixture.first);
        table.add(session(0), fixture.first);

        table.removeAll(fixture.first);

        assertEquals(PacketBuffer.NONE, table.find(1));
        assertEquals(PacketBuffer.NONE, table.find(3));
        assertEquals(2, table.find(2));
        assertEquals(PacketBuffer.NONE, table.findByEndpoint(fixture.first.endpointAddress()));
    }

    @Test
    void shouldFindASessionWithoutConnectionIdByEndpoint() {
        Session session = session(0);
        table.add(session, fixture.second);

        int index = table.findByEndpoint(fixture.second.endpointAddress());

        assertSame(session, table.session(index));
        assertEquals(PacketBuffer.NONE, table.findByEndpoint(fixture.first.endpointAddress()));
        assertEquals(PacketBuffer.NONE, table.find(index), "not by connection ID");
    }

    /** A foreign peer that came back from the same port speaks with its new keys only. */
    @Test
    void shouldFindTheNewestOfTwoSessionsAtOneEndpoint() {
        Session before = session(0);
        Session other = session(0);
        Session after = session(0);
        table.add(before, fixture.first);
        table.add(other, fixture.second);
        table.add(after, fixture.first);
        assertSame(after, byEndpoint(fixture.first));

        table.remove(after);
        assertSame(before, byEndpoint(fixture.first));
        Session last = session(0);
        table.add(last, fixture.first);
        table.remove(other);

        assertSame(last, byEndpoint(fixture.first));
    }

    private Session byEndpoint(Tunnel tunnel) {
        return table.session(table.findByEndpoint(tunnel.endpointAddress()));
    }

    @Test
    void shouldTakeSixtyFourSessionsWithoutConnectionIdAndNoMore() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            sessions.add(session(0));
            assertTrue(table.add(sessions.get(i), fixture.first), "#" + i);
        }
        assertFalse(table.add(session(0), fixture.second));

        table.remove(sessions.get(30));

        assertTrue(table.add(session(0), fixture.second));
    }

    private static Session session(int connectionId) {
        return SessionPair.of(1, connectionId, 0).client();
    }
}
