package io.spillway.node.dhcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.node.dhcp.DhcpCounters.Count;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DhcpRelayTest {
    private static final int FUZZED = Boolean.getBoolean("spillway.long") ? 10_000_000 : 100_000;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;
    private static final int HOPS = 3;
    private static final int FLAGS = 10;
    private static final int CIADDR = 12;
    private static final int YIADDR = 16;
    private static final int GIADDR = 24;

    private static final Inet4Address GATEWAY = Inet4Address.ofLiteral("10.1.0.1");
    private static final Inet4Address SERVER = Inet4Address.ofLiteral("10.2.0.53");
    private static final Inet4Address CLIENT = Inet4Address.ofLiteral("10.1.0.100");
    private static final Inet4Address NOBODY = Inet4Address.ofLiteral("192.0.0.8");

    private final DhcpCounters counters = new DhcpCounters();
    private final DhcpRelay relay =
            new DhcpRelay(new DhcpNetwork("office", GATEWAY, SERVER, false), counters);

    private static byte[] message(int operation) {
        ByteBuffer message = ByteBuffer.allocate(300);
        message.put((byte) operation).put((byte) 1).put((byte) 6);
        message.putInt(236, 0x6382_5363);
        return message.array();
    }

    private static byte[] with(byte[] message, int offset, Inet4Address address) {
        System.arraycopy(address.getAddress(), 0, message, offset, 4);
        return message;
    }

    private static byte[] reply(Inet4Address given) {
        return with(with(message(REPLY), GIADDR, GATEWAY), YIADDR, given);
    }

    private static InetSocketAddress to(String address, int port) {
        return new InetSocketAddress(Inet4Address.ofLiteral(address), port);
    }

    @Test
    void shouldBringClientsToTheServerWithTheGatewaysAddress() {
        byte[] request = message(REQUEST);

        assertEquals(to("10.2.0.53", 67), relay.take(request, NOBODY));

        byte[] expected = with(message(REQUEST), GIADDR, GATEWAY);
        expected[HOPS] = 1;
        assertArrayEquals(expected, request);
    }

    @Test
    void shouldLeaveTheAddressOfTheFirstRelay() {
        byte[] request = with(message(REQUEST), GIADDR, CLIENT);
        request[HOPS] = 3;

        assertEquals(to("10.2.0.53", 67), relay.take(request, CLIENT));

        byte[] expected = with(message(REQUEST), GIADDR, CLIENT);
        expected[HOPS] = 4;
        assertArrayEquals(expected, request);
    }

    @Test
    void shouldEndWhatGoesInCircles() {
        byte[] request = message(REQUEST);
        request[HOPS] = 4;

        assertNull(relay.take(request, NOBODY));
        assertEquals(1, counters.get(Count.TOO_FAR));
    }

    @Test
    void shouldBringAnswersToTheClientUnchanged() {
        byte[] reply = reply(CLIENT);

        assertEquals(to("10.1.0.100", 68), relay.take(reply, SERVER));
        assertArrayEquals(reply(CLIENT), reply);
    }

    @Test
    void shouldBroadcastToWhoCannotBeAddressed() {
        byte[] wanted = reply(CLIENT);
        wanted[FLAGS] = (byte) 0x80;
        assertEquals(to("255.255.255.255", 68), relay.take(wanted, SERVER));

        byte[] refused = with(message(REPLY), GIADDR, GATEWAY);
        assertEquals(to("255.255.255.255", 68), relay.take(refused, SERVER));

        byte[] informed = with(refused, CIADDR, CLIENT);
        assertEquals(to("10.1.0.100", 68), relay.take(informed, SERVER));
    }

    @Test
    void shouldTakeAnswersOfTheServerOnly() {
        assertNull(relay.take(reply(CLIENT), CLIENT));
        assertNull(relay.take(reply(CLIENT), GATEWAY));
        assertNull(relay.take(with(reply(CLIENT), GIADDR, CLIENT), SERVER));
        assertEquals(3, counters.get(Count.FOREIGN));
    }

    @Test
    void shouldTakeAnswersOfOurOwnMachineWhereTheServerIsThere() {
        DhcpRelay local =
                new DhcpRelay(
                        new DhcpNetwork(
                                "office", GATEWAY, Inet4Address.ofLiteral("127.0.0.1"), true),
                        counters);

        assertEquals(to("10.1.0.100", 68), local.take(reply(CLIENT), GATEWAY));
        assertNull(local.take(reply(CLIENT), SERVER));
    }

    @Test
    void shouldTakeAnyBytesWithoutFailing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < FUZZED; i++) {
            byte[] bytes = reply(CLIENT);
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                relay.take(cut, SERVER);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
