package io.spillway.control.punch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StunMessageTest {
    private static final byte[] ID = "transaction!".getBytes();
    private static final byte[] KEY = "key of the pair".getBytes();
    private static final String NAME = "00000000deadbeef";
    private static final InetSocketAddress IPV4 = new InetSocketAddress("192.0.2.1", 32853);
    private static final InetSocketAddress IPV6 =
            new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853);

    /** The response of RFC 5769 §2.2, whose integrity is of the older kind. */
    @Test
    void shouldReadTheResponseOfTheRfc() {
        byte[] sample =
                HexFormat.of()
                        .parseHex(
                                "0101003c2112a442b7e7a701bc34d686fa87dfae"
                                        + "8022000b7465737420766563746f7220"
                                        + "002000080001a147e112a643"
                                        + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
                                        + "80280004c07d4c96");

        StunMessage response = StunMessage.parse(sample);

        assertFalse(response.isRequest());
        assertEquals(IPV4, response.mapped());
        assertFalse(response.isAuthentic(KEY));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 999})
    void shouldBringDataOfAnyLength(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 7);

        byte[] datagram = StunMessage.indication(ID, data);
        StunMessage indication = StunMessage.parse(datagram);

        assertEquals(0, datagram.length % 4);
        assertFalse(indication.isRequest());
        assertArrayEquals(data, indication.data());
        assertNull(StunMessage.parse(StunMessage.request(ID, IPV4)).data());
    }

    /** The response of RFC 5769 §2.3. */
    @Test
    void shouldReadTheIpv6ResponseOfTheRfc() {
        byte[] sample =
                HexFormat.of()
                        .parseHex(
                                "010100482112a442b7e7a701bc34d686fa87dfae"
                                        + "8022000b7465737420766563746f7220"
                                        + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
                                        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
                                        + "80280004c8fb0b4c");

        assertEquals(IPV6, StunMessage.parse(sample).mapped());
    }

    @Test
    void shouldAnswerWhatItAsks() {
        for (InetSocketAddress end : new InetSocketAddress[] {IPV4, IPV6}) {
            StunMessage request = StunMessage.parse(StunMessage.request(ID, end));
            assertTrue(request.isRequest());
            assertEquals("", request.username());
            assertArrayEquals(ID, request.transactionId());
            assertFalse(request.isAuthentic(KEY));

            StunMessage response = StunMessage.parse(StunMessage.response(request, end));
            assertFalse(response.isRequest());
            assertEquals(end, response.mapped());
            assertArrayEquals(ID, response.transactionId());
            assertTrue(response.length() <= request.length());
        }
    }

    /** D06: 64 bytes, and the answer is no larger. */
    @Test
    void shouldMakeProbesWhoseAnswersAreNoLonger() {
        for (InetSocketAddress end : new InetSocketAddress[] {IPV4, IPV6}) {
            StunMessage probe = StunMessage.parse(StunMessage.request(ID, end, NAME, KEY));
            assertEquals(NAME, probe.username());
            assertTrue(probe.isAuthentic(KEY));
            assertFalse(probe.isAuthentic(NAME.getBytes()));
            assertEquals(end == IPV4 ? 64 : 80, probe.length());

            StunMessage answer = StunMessage.parse(StunMessage.response(probe, end, KEY));
            assertTrue(answer.isAuthentic(KEY));
            assertEquals(end, answer.mapped());
            assertTrue(answer.length() <= probe.length());
        }
    }

    @Test
    void shouldRefuseEveryChangedByteOfAProbe() {
        byte[] probe = StunMessage.request(ID, IPV4, NAME, KEY);
        for (int i = 0; i < probe.length; i++) {
            byte[] changed = probe.clone();
            changed[i] ^= 1;
            StunMessage message = StunMessage.parse(changed);
            assertTrue(message == null || !message.isAuthentic(KEY), "byte " + i);
        }
    }

    @Test
    void shouldReadNothingBehindTheIntegrity() {
        byte[] probe = StunMessage.request(ID, IPV4, NAME, KEY);
        byte[] longer = Arrays.copyOf(probe, probe.length + 12);
        longer[3] += 12;
        byte[] address = {0, 0x20, 0, 8, 0, 1, 0, 7, 1, 2, 3, 4};
        System.arraycopy(address, 0, longer, probe.length, address.length);

        StunMessage message = StunMessage.parse(longer);

        assertNotNull(message);
        assertNull(message.mapped());
        assertTrue(message.isAuthentic(KEY));
    }

    @Test
    void shouldRefuseEveryCut() {
        byte[] probe = StunMessage.request(ID, IPV4, NAME, KEY);
        for (int length = 0; length < probe.length; length++) {
            assertNull(StunMessage.parse(Arrays.copyOf(probe, length)), "length " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 8, 11, 60, 0xffff})
    void shouldRefuseAnAttributeLongerThanTheMessage(int length) {
        byte[] request = StunMessage.request(ID, IPV4);
        request[20] = 0;
        request[21] = 0x20; // XOR-MAPPED-ADDRESS
        request[22] = (byte) (length >>> 8);
        request[23] = (byte) length;

        StunMessage message = StunMessage.parse(request);

        assertTrue(message == null || message.mapped() != null);
    }

    @Test
    void shouldSurviveArbitraryBytes() {
        SplittableRandom random = new SplittableRandom(20260101);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = StunMessage.request(ID, IPV4, NAME, KEY);
            int changes = 1 + random.nextInt(6);
            for (int k = 0; k < changes; k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            StunMessage message = StunMessage.parse(bytes);
            if (message != null) {
                message.isAuthentic(KEY);
            }
        }
    }
}
