package io.spillway.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EndpointAddressTest {
    private final long a = Native.buffer(EndpointAddress.LENGTH).addressOffset();
    private final long b = Native.buffer(EndpointAddress.LENGTH).addressOffset();

    @Test
    void shouldLayOutIpv4AsSockaddrIn() {
        UnsafeBuffer bytes = new UnsafeBuffer(a, EndpointAddress.LENGTH);

        EndpointAddress.encode(new InetSocketAddress("203.0.113.10", 0x01BB), a);

        assertEquals(16, EndpointAddress.sockaddrLength(a));
        assertEquals(2, bytes.getShort(0));
        assertEquals(0x01, bytes.getByte(2));
        assertEquals((byte) 0xBB, bytes.getByte(3));
        assertEquals((byte) 203, bytes.getByte(4));
        assertEquals(10, bytes.getByte(7));
    }

    @Test
    void shouldDecodeWhatWasEncoded() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            InetSocketAddress endpoint = endpoint(random);

            EndpointAddress.encode(endpoint, a);

            assertEquals(endpoint, EndpointAddress.decode(a), "seed " + seed);
        }
    }

    @Test
    void shouldMatchEqualEndpointsOnly() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            InetSocketAddress one = endpoint(random);
            InetSocketAddress other = random.nextBoolean() ? one : endpoint(random);

            EndpointAddress.encode(one, a);
            EndpointAddress.encode(other, b);

            assertEquals(one.equals(other), EndpointAddress.matches(a, b), "seed " + seed);
            if (one.equals(other)) {
                assertEquals(EndpointAddress.hash(a), EndpointAddress.hash(b), "seed " + seed);
            }
        }
    }

    @Test
    void shouldTellScopesOfLinkLocalAddressesApart() throws Exception {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();

        EndpointAddress.encode(
                new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 2), 443), a);
        EndpointAddress.encode(
                new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 3), 443), b);

        assertFalse(EndpointAddress.matches(a, b));
        assertEquals(3, ((Inet6Address) EndpointAddress.decode(b).getAddress()).getScopeId());
    }

    @Test
    void shouldKeepMappedAddressInItsFamily() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xFF;
        mapped[15] = 1;

        EndpointAddress.encode(
                new InetSocketAddress(Inet6Address.getByAddress(null, mapped, -1), 443), a);

        assertEquals(16, EndpointAddress.decode(a).getAddress().getAddress().length);
    }

    @Test
    void shouldIgnoreFlowLabel() {
        EndpointAddress.encode(new InetSocketAddress("2001:db8::1", 443), a);
        EndpointAddress.encode(new InetSocketAddress("2001:db8::1", 443), b);
        new UnsafeBuffer(b, EndpointAddress.LENGTH).putInt(4, 4711);

        assertTrue(EndpointAddress.matches(a, b));
        assertEquals(EndpointAddress.hash(a), EndpointAddress.hash(b));
    }

    @Test
    void shouldSpreadHashesOfNeighbours() {
        Set<Integer> buckets = new HashSet<>();
        for (int port = 20060; port < 20060 + 1024; port++) {
            EndpointAddress.encode(new InetSocketAddress("198.51.100.2", port), a);
            buckets.add(EndpointAddress.hash(a) & 1023);
        }

        // 1024 balls thrown into 1024 boxes leave 647 occupied on average, 11 is a deviation.
        assertTrue(buckets.size() > 580, buckets.size() + " of 1024");
    }

    @Test
    void shouldRefuseToDecodeOtherFamilies() {
        new UnsafeBuffer(a, EndpointAddress.LENGTH).putShort(0, (short) 1);

        assertThrows(IllegalArgumentException.class, () -> EndpointAddress.decode(a));
    }

    private static InetSocketAddress endpoint(Random random) throws Exception {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        int port = random.nextInt(1 << 16);
        return new InetSocketAddress(NetlinkAttributes.toAddress(bytes), port);
    }
}
