package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ArpResponderTest {
    private static final String OURS = "02005e100001";
    private static final String HOST = "0a0000000007";

    private final UnsafeBuffer out = new UnsafeBuffer(new byte[100]);

    @Test
    void shouldAnswerForAGatewayAddress() {
        int length = answer(gateway(0), request(HOST, "0a010007", "0a010001"));

        assertEquals(42, length);
        assertArrayEquals(
                Packets.hex(
                        HOST
                                + OURS
                                + "0806 0001 0800 0604 0002"
                                + OURS
                                + "0a010001"
                                + HOST
                                + "0a010007"),
                Guarded.bytes(out, 7, 42));
    }

    @Test
    void shouldAnswerWithTheTagOfTheNetwork() {
        int length = answer(gateway(102), request(HOST, "0a010007", "0a010001"));

        assertEquals(46, length);
        assertArrayEquals(Packets.hex("8100 0066 0806 0001"), Guarded.bytes(out, 7 + 12, 8));
    }

    @Test
    void shouldAnswerAProbeOfAHostWithoutAddress() {
        assertEquals(42, answer(gateway(0), request(HOST, "00000000", "0a010001")));
    }

    @Test
    void shouldBeSilentToEverythingElse() {
        byte[] truncated = java.util.Arrays.copyOf(request(HOST, "0a010007", "0a010001"), 27);
        byte[] reply = request(HOST, "0a010007", "0a010001");
        reply[7] = 2;
        byte[] tokenRing = request(HOST, "0a010007", "0a010001");
        tokenRing[1] = 6;

        assertEquals(0, answer(gateway(0), request(HOST, "0a010007", "0a010002")));
        assertEquals(0, answer(gateway(0), request(HOST, "0a010001", "0a010001")));
        assertEquals(0, answer(gateway(0), request(OURS, "0a010007", "0a010001")));
        assertEquals(0, answer(gateway(0), request("ffffffffffff", "0a010007", "0a010001")));
        assertEquals(0, answer(gateway(0), request(HOST, "e0000001", "0a010001")));
        assertEquals(0, answer(gateway(0), truncated));
        assertEquals(0, answer(gateway(0), reply));
        assertEquals(0, answer(gateway(0), tokenRing));
    }

    @Test
    void shouldAskEverybodyOrOneStation() {
        int target = Packets.ip4("10.1.0.9");
        String body = "0806 0001 0800 0604 0001" + OURS + "0a010001 000000000000 0a010009";

        ArpResponder.request(gateway(0), target, MacAddress.NONE, out, 0);
        assertArrayEquals(Packets.hex("ffffffffffff" + OURS + body), Guarded.bytes(out, 0, 42));
        ArpResponder.request(gateway(0), target, 0x0A00_0000_0009L, out, 0);
        assertArrayEquals(Packets.hex("0a0000000009" + OURS + body), Guarded.bytes(out, 0, 42));
    }

    @Test
    void shouldNotAskWithoutAnAddress() {
        GatewayAddresses none = new GatewayAddresses(0x0200_5E10_0001L, 0, List.of());

        assertEquals(0, ArpResponder.request(none, 1, MacAddress.NONE, out, 0));
    }

    @Test
    void shouldAnnounceItself() {
        int length = ArpResponder.announce(gateway(0), 0, out, 0);

        assertArrayEquals(
                Packets.hex(
                        "ffffffffffff"
                                + OURS
                                + "0806 0001 0800 0604 0001"
                                + OURS
                                + "0a010001 000000000000 0a010001"),
                Guarded.bytes(out, 0, length));
    }

    private int answer(GatewayAddresses gateway, byte[] message) {
        UnsafeBuffer in = new Guarded(1).of(message, 3);
        return ArpResponder.answer(gateway, in, 3, message.length, out, 7);
    }

    private static byte[] request(String mac, String sender, String target) {
        return Packets.hex("0001 0800 0604 0001" + mac + sender + "000000000000" + target);
    }

    private static GatewayAddresses gateway(int vlanId) {
        List<GatewayAddress> addresses = List.of(GatewayAddress.parse("10.1.0.1/24"));
        return new GatewayAddresses(0x0200_5E10_0001L, vlanId, addresses);
    }
}
