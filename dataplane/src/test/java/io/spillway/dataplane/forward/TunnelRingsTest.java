package io.spillway.dataplane.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import org.junit.jupiter.api.Test;

class TunnelRingsTest {
    private final ForwardFixture fixture = new ForwardFixture();
    private final PacketBatch batch = new PacketBatch(2);

    @Test
    void shouldServeWaitingTunnelsInTurn() {
        offer(fixture.first, 5);
        offer(fixture.second, 1);
        offer(fixture.pop, 3);

        Tunnel[] turns = {
            fixture.first, fixture.second, fixture.pop, fixture.first, fixture.pop, fixture.first,
        };
        for (Tunnel expected : turns) {
            batch.clear();
            assertSame(expected, fixture.rings.poll(batch));
            assertFalse(batch.isEmpty());
        }
        batch.clear();
        assertNull(fixture.rings.poll(batch));
        assertTrue(fixture.rings.isEmpty());
    }

    @Test
    void shouldNotLetAFullTunnelHoldUpAnother() {
        offer(fixture.first, 8);
        PacketBuffer refused = fixture.pool.acquire();

        assertFalse(fixture.rings.offer(fixture.first, refused));
        assertTrue(fixture.rings.offer(fixture.second, refused));
    }

    @Test
    void shouldWaitAgainAfterItWasServed() {
        offer(fixture.first, 1);
        fixture.rings.poll(batch);
        offer(fixture.first, 1);
        batch.clear();

        assertSame(fixture.first, fixture.rings.poll(batch));
        assertEquals(1, batch.size());
    }

    @Test
    void shouldDropAtTheExitWhatFindsNoRoomOrNoTunnel() {
        for (int i = 0; i < 10; i++) {
            send(Exit.tunnel(1));
        }
        for (int i = 0; i < 6; i++) {
            send(Exit.port(0));
        }
        send(Exit.tunnel(55));

        assertEquals(2 + 2, fixture.dropped(DropReason.RING_FULL));
        assertEquals(1, fixture.dropped(DropReason.TUNNEL_CLOSED));
        assertEquals(8 + 4, fixture.used());
    }

    private void send(int exit) {
        PacketBuffer packet = fixture.pool.acquire();
        packet.exit = exit;
        PacketBatch one = new PacketBatch(1);
        one.add(packet);
        fixture.exits.offer(one);
        assertTrue(one.isEmpty());
    }

    private void offer(Tunnel tunnel, int count) {
        for (int i = 0; i < count; i++) {
            assertTrue(fixture.rings.offer(tunnel, fixture.pool.acquire()));
        }
    }
}
