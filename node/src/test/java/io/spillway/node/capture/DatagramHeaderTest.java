package io.spillway.node.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.Ipv6Header;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.header.UdpHeader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DatagramHeaderTest {
    private static final int DATAGRAM = 100;
    private static final int LENGTH = 33;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(200));

    private int write(String source, String destination, int kept) {
        buffer.setMemory(DATAGRAM, LENGTH, (byte) 0x5A);
        return DatagramHeader.write(
                buffer,
                DATAGRAM,
                kept,
                LENGTH,
                DatagramHeader.endpoint(new InetSocketAddress(source, 20_060)),
                DatagramHeader.endpoint(new InetSocketAddress(destination, 443)));
    }

    @Test
    void shouldWriteSoundIpv4() {
        int written = write("198.51.100.1", "203.0.113.10", LENGTH);

        int ip = DATAGRAM - written;
        int udp = ip + Ipv4Header.LENGTH_MIN;
        assertEquals(28, written);
        assertTrue(Ipv4Header.isValid(buffer, ip, written + LENGTH));
        assertEquals(written + LENGTH, Ipv4Header.totalLength(buffer, ip));
        assertEquals(0xC6336401, Ipv4Header.source(buffer, ip));
        assertEquals(0xCB00710A, Ipv4Header.destination(buffer, ip));
        assertEquals(20_060, UdpHeader.sourcePort(buffer, udp));
        assertEquals(443, UdpHeader.destinationPort(buffer, udp));
        assertTrue(
                TransportChecksum.isValidIpv4(
                        buffer, ip, udp, UdpHeader.LENGTH + LENGTH, UdpHeader.PROTOCOL));
    }

    @Test
    void shouldWriteSoundIpv6() {
        int written = write("2001:db8::1", "2001:db8::2", LENGTH);

        int ip = DATAGRAM - written;
        int udp = ip + Ipv6Header.LENGTH;
        assertEquals(DatagramHeader.LENGTH_MAX, written);
        assertTrue(Ipv6Header.isValid(buffer, ip, written + LENGTH));
        assertEquals(1, Ipv6Header.sourceLow(buffer, ip));
        assertEquals(2, Ipv6Header.destinationLow(buffer, ip));
        assertTrue(
                TransportChecksum.isValidIpv6(
                        buffer, ip, udp, UdpHeader.LENGTH + LENGTH, UdpHeader.PROTOCOL));
    }

    @Test
    void shouldHaveNoChecksumWhereOnlyAPartWasKept() {
        int written = write("198.51.100.1", "203.0.113.10", LENGTH - 1);

        int udp = DATAGRAM - UdpHeader.LENGTH;
        assertEquals(28, written);
        assertEquals(0, UdpHeader.checksum(buffer, udp));
        assertEquals(UdpHeader.LENGTH + LENGTH, UdpHeader.length(buffer, udp));
    }
}
