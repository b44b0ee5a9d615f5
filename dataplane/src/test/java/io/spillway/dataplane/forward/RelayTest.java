package io.spillway.dataplane.forward;

import static io.spillway.dataplane.forward.ForwardFixture.content;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.observe.DropReason;
import io.spillway.routing.fib.Fib;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** We are site 1, with direct tunnels to sites 2 and 7 and to a PoP. */
class RelayTest {
    private static final long OWN = 1;
    private static final long NEIGHBOUR = 2;
    private static final long OTHER = 7;
    private static final long HIDDEN = -9; // IDs are unsigned
    private static final byte[] DATAGRAM = {22, -2, -3, 0, 0, 9};

    private final ForwardFixture fixture = new ForwardFixture();
    private final Tunnel toOther = fixture.tunnel(3, OTHER);
    private final Relay relay = fixture.relay;
    private final UnsafeBuffer endpoint =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
    private final PacketBatch batch = new PacketBatch(8);

    @BeforeEach
    void publish() {
        fixture.view.publish(
                new Forwarding(
                        1,
                        OWN,
                        0,
                        Fib.EMPTY,
                        List.of(),
                        TunnelTable.of(
                                List.of(fixture.pop, fixture.first, toOther),
                                List.of(fixture.first, toOther),
                                List.of()),
                        LocalAddresses.NONE));
        fixture.relayReady.clear();
    }

    private void arrive(Tunnel tunnel, long destination, long origin, byte[] datagram) {
        byte[] bytes =
                ByteBuffer.allocate(Relay.HEADER_LENGTH + datagram.length)
                        .putLong(destination)
                        .putLong(origin)
                        .put(datagram)
                        .array();
        PacketBuffer content = fixture.buffer(bytes);
        content.contentType = ContentType.RELAY;
        content.ingressTunnel = tunnel.index();
        relay.onRelay(content);
    }

    private int receive(int length) {
        return relay.receive(memory.addressOffset(), length, endpoint.addressOffset());
    }

    private PacketBuffer polled(Tunnel expected) {
        batch.clear();
        assertEquals(expected, fixture.rings.poll(batch));
        return batch.get(0);
    }

    @Test
    void shouldReceiveWhatANeighbourRelays() {
        arrive(fixture.first, OWN, HIDDEN, DATAGRAM);

        assertTrue(fixture.relayReady.isReady());
        assertEquals(DATAGRAM.length, receive(64));
        byte[] received = new byte[DATAGRAM.length];
        memory.getBytes(0, received);
        assertArrayEquals(DATAGRAM, received);
        InetSocketAddress from = EndpointAddress.decode(endpoint.addressOffset());
        assertEquals(RelayEndpoint.of(HIDDEN, NEIGHBOUR), from);
        assertEquals(HIDDEN, RelayEndpoint.site(from));
        assertEquals(NEIGHBOUR, RelayEndpoint.via(from));
        assertTrue(relay.isEmpty());
        assertEquals(-Errno.EAGAIN, receive(64));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldSendByTheCarrierOfTheSiteThatRelays() {
        EndpointAddress.encode(RelayEndpoint.of(HIDDEN, OTHER), endpoint.addressOffset());
        memory.putBytes(0, DATAGRAM);

        int sent = relay.send(memory.addressOffset(), 6, 4, endpoint.addressOffset());

        assertEquals(6, sent);
        PacketBuffer first = polled(toOther);
        assertEquals(2, batch.size());
        assertEquals(ContentType.RELAY, first.contentType);
        ByteBuffer bytes = ByteBuffer.wrap(content(first));
        assertEquals(HIDDEN, bytes.getLong());
        assertEquals(OWN, bytes.getLong());
        assertEquals(4, bytes.remaining());
        assertEquals(Relay.HEADER_LENGTH + 2, batch.get(1).length());
    }

    @Test
    void shouldRefuseToSendBySomebodyItHasNoTunnelTo() {
        EndpointAddress.encode(RelayEndpoint.of(OTHER, HIDDEN), endpoint.addressOffset());

        assertEquals(
                -Errno.ENETUNREACH,
                relay.send(memory.addressOffset(), 6, 0, endpoint.addressOffset()));
    }

    @Test
    void shouldHandOnWhatANeighbourSaysToAnother() {
        arrive(fixture.first, OTHER, NEIGHBOUR, DATAGRAM);

        ByteBuffer bytes = ByteBuffer.wrap(content(polled(toOther)));
        assertEquals(OTHER, bytes.getLong());
        assertEquals(NEIGHBOUR, bytes.getLong());
        assertFalse(fixture.relayReady.isReady());
    }

    /** One step, so that nothing goes round. */
    @Test
    void shouldNotHandOnWhatANeighbourRelays() {
        arrive(fixture.first, OTHER, HIDDEN, DATAGRAM);

        assertNull(fixture.rings.poll(batch));
        assertEquals(1, fixture.dropped(DropReason.RELAY_FOREIGN_ORIGIN));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldNotHandOnToWhomItDoesNotKnowOrBack() {
        arrive(fixture.first, HIDDEN, NEIGHBOUR, DATAGRAM);
        arrive(fixture.first, NEIGHBOUR, NEIGHBOUR, DATAGRAM);

        assertNull(fixture.rings.poll(batch));
        assertEquals(2, fixture.dropped(DropReason.RELAY_NO_PATH));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldTakeNothingFromAPop() {
        arrive(fixture.pop, OWN, NEIGHBOUR, DATAGRAM);
        arrive(fixture.pop, OTHER, 0, DATAGRAM);

        assertEquals(2, fixture.dropped(DropReason.RELAY_FOREIGN_ORIGIN));
        assertEquals(-Errno.EAGAIN, receive(64));
    }

    @Test
    void shouldDropWhatHasNoDatagram() {
        for (int length = 0; length <= Relay.HEADER_LENGTH; length++) {
            PacketBuffer content = fixture.buffer(new byte[length]);
            content.ingressTunnel = fixture.first.index();
            relay.onRelay(content);
        }

        assertEquals(Relay.HEADER_LENGTH + 1, fixture.dropped(DropReason.RELAY_MALFORMED));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldLoseOnlyWhatDoesNotFit() {
        arrive(fixture.first, OWN, HIDDEN, DATAGRAM);
        arrive(fixture.first, OWN, HIDDEN, new byte[] {1});

        assertEquals(-Errno.EMSGSIZE, receive(3));
        assertEquals(1, receive(3));
        assertEquals(0, fixture.used());
    }

    @Test
    void shouldDropWhatFindsNoRoom() {
        for (int i = 0; i < 40; i++) {
            arrive(fixture.first, OWN, HIDDEN, DATAGRAM);
        }

        assertEquals(40 - 16, fixture.dropped(DropReason.RING_FULL));
    }
}
