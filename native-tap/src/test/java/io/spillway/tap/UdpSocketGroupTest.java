package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UdpSocketGroupTest {
    private static final int FIRST_BYTE = 25;
    private static final int WORD_OFFSET = 11;
    private static final int COUNT = 4;
    private static final int BUFFER_LENGTH = 1 << 20;

    private final UnsafeBuffer buffer = Native.buffer(65536);
    private final long endpoint = Native.buffer(EndpointAddress.LENGTH).addressOffset();

    /** From one sender and from many: a hash of the addresses would spread otherwise. */
    @Test
    void shouldSteerByTheWordsLowBits() throws Throwable {
        for (String address : List.of("127.0.0.1", "::1")) {
            PrivateNetwork.run(() -> assertSteers(address));
        }
    }

    private void assertSteers(String address) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        List<UdpSocket> group = group(address, 0);
        UdpSocket sender = UdpSocket.open(config(address, 0));
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(10) == 0) {
                sender.close();
                sender = UdpSocket.open(config(address, 0));
            }
            int word = random.nextInt();
            byte[] datagram = new byte[WORD_OFFSET + 4 + random.nextInt(100)];
            random.nextBytes(datagram);
            datagram[0] = FIRST_BYTE;
            new UnsafeBuffer(datagram).putInt(WORD_OFFSET, word, java.nio.ByteOrder.BIG_ENDIAN);
            send(sender, group, datagram, 0);

            assertArrivesOnlyAt(group, word & COUNT - 1, datagram.length);
        }
        sender.close();
        group.forEach(UdpSocket::close);
    }

    @Test
    void shouldGiveTheFirstWhatHasNoWord() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    SplittableRandom random = new SplittableRandom(7);
                    List<UdpSocket> group = group("127.0.0.1", 0);
                    for (int i = 0; i < 300; i++) {
                        try (UdpSocket sender = UdpSocket.open(config("127.0.0.1", 0))) {
                            boolean isShort = i % 2 == 0;
                            int length = random.nextInt(isShort ? WORD_OFFSET + 4 : 1000);
                            byte[] datagram = new byte[length];
                            random.nextBytes(datagram);
                            if (length > 0) {
                                datagram[0] = (byte) (isShort ? FIRST_BYTE : 22);
                            }
                            send(sender, group, datagram, 0);

                            assertArrivesOnlyAt(group, 0, length);
                        }
                    }
                    group.forEach(UdpSocket::close);
                });
    }

    @Test
    void shouldSteerACoalescedMessageWhole() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    List<UdpSocket> group = group("127.0.0.1", 0);
                    try (UdpSocket sender = UdpSocket.open(config("127.0.0.1", 0))) {
                        byte[] message = new byte[10 * 100];
                        for (int at = 0; at < message.length; at += 100) {
                            message[at] = FIRST_BYTE;
                            message[at + WORD_OFFSET + 3] = 6;
                        }
                        send(sender, group, message, 100);

                        assertArrivesOnlyAt(group, 2, message.length);
                        assertEquals(100, group.get(2).receivedSegmentLength());
                    }
                    group.forEach(UdpSocket::close);
                });
    }

    @Test
    void shouldNotJoinAnotherProgramsPort() throws Throwable {
        PrivateNetwork.run(
                () -> {
                    List<UdpSocket> group = group("127.0.0.1", 20060);

                    LinuxException refused =
                            assertThrows(LinuxException.class, () -> group("127.0.0.1", 20060));

                    assertTrue(refused.getMessage().contains("20060"), refused.getMessage());
                    assertThrows(
                            LinuxException.class, () -> UdpSocket.open(config("127.0.0.1", 20060)));
                    group.forEach(UdpSocket::close);
                    group("127.0.0.1", 20060).forEach(UdpSocket::close);
                });
    }

    @Test
    void shouldRefuseACountThatIsNoPowerOfTwo() {
        UdpConfig config = config("127.0.0.1", 0);
        var steering = new UdpSocketGroup.Steering(FIRST_BYTE, WORD_OFFSET);

        assertThrows(
                IllegalArgumentException.class, () -> UdpSocketGroup.open(config, steering, 3));
        assertThrows(
                IllegalArgumentException.class, () -> UdpSocketGroup.open(config, steering, 0));
    }

    private static List<UdpSocket> group(String address, int port) throws LinuxException {
        var steering = new UdpSocketGroup.Steering(FIRST_BYTE, WORD_OFFSET);
        return UdpSocketGroup.open(config(address, port), steering, COUNT);
    }

    private static UdpConfig config(String address, int port) {
        return new UdpConfig(null, new InetSocketAddress(address, port), true, BUFFER_LENGTH);
    }

    private void send(UdpSocket sender, List<UdpSocket> group, byte[] datagram, int segment) {
        buffer.putBytes(0, datagram);
        EndpointAddress.encode(group.getFirst().localEndpoint(), endpoint);
        int sent = sender.send(buffer.addressOffset(), datagram.length, segment, endpoint);
        assertEquals(datagram.length, sent);
    }

    private void assertArrivesOnlyAt(List<UdpSocket> group, int index, int length) {
        for (int i = 0; i < group.size(); i++) {
            int received = group.get(i).receive(buffer.addressOffset(), 65536, endpoint);
            assertEquals(i == index ? length : -Errno.EAGAIN, received, "socket " + i);
        }
    }
}
