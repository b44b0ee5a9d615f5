package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Arbitrary bytes, damaged packets and truncated lengths: never an exception, never a read outside
 * [offset, offset + length). Each input stands in two buffers with other noise around it and must
 * give the same result in both.
 */
class HeaderFuzzTest {
    private static final int OFFSET = 13;
    private static final GatewayAddresses GATEWAY =
            new GatewayAddresses(
                    0x0200_5E10_0001L,
                    0,
                    List.of(
                            GatewayAddress.parse("10.1.0.1/24"),
                            GatewayAddress.parse("fd00:1::1/64")));
    private static final RouterAdvertisement ROUTER =
            new RouterAdvertisement(GATEWAY, RouterAdvertisement.Settings.ofMtu(1400, List.of()));

    private final UnsafeBuffer out = new UnsafeBuffer(new byte[2_000]);

    @Test
    void shouldSurviveArbitraryAndDamagedInput() {
        long seed = Long.getLong("spillway.seed", 20_260_101);
        SplittableRandom random = new SplittableRandom(seed);
        Guarded guarded = new Guarded(seed);
        for (int i = 0; i < Guarded.count(60_000, 3_000_000); i++) {
            byte[] input = input(random);
            int mtu = random.nextInt(60, 1600);
            String where = "seed " + seed + " #" + i;
            try {
                long first = digest(guarded.of(input, OFFSET), input.length, mtu);
                long second = digest(guarded.of(input, OFFSET), input.length, mtu);
                assertEquals(first, second, where);
            } catch (RuntimeException e) {
                throw new AssertionError(where, e);
            }
        }
    }

    private static byte[] input(SplittableRandom random) {
        byte[] bytes =
                random.nextInt(8) == 0
                        ? Packets.random(random, random.nextInt(120))
                        : sample(random);
        for (int damage = random.nextInt(4); damage > 0 && bytes.length > 0; damage--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(3) == 0) {
            bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        }
        return bytes;
    }

    private static byte[] sample(SplittableRandom random) {
        byte[] data = Packets.random(random, random.nextInt(200));
        byte[] options = Packets.random(random, 4 * random.nextInt(10));
        byte[] ndp = Packets.random(random, 8 * random.nextInt(4));
        for (int i = 0; i < ndp.length; i += 8) {
            ndp[i] = (byte) random.nextInt(1, 6);
            ndp[i + 1] = (byte) random.nextInt(3);
        }
        byte[] target = Packets.ip("fd00:1::1");
        byte[] head = {(byte) random.nextInt(133, 138), 0, 0, 0, 0, 0, 0, 0};
        return switch (random.nextInt(8)) {
            case 0 -> Packets.tcpOverIpv4(2, options, data);
            case 1 -> Packets.tcpOverIpv6(2, options, data);
            case 2 -> Packets.ipv4WithOptions(17, 0, "10.1.0.7", "10.2.0.9", options, data);
            case 3 -> Packets.ipv4(1, 0, "10.1.0.7", "10.2.0.9", data);
            case 4 ->
                    Packets.ipv6(random.nextBoolean() ? 0 : 44, 64, "fd00:1::7", "fd00:2::9", data);
            case 5 -> Packets.icmpv6(255, "fd00:1::7", "ff02::1:ff00:1", head, target, ndp);
            case 6 -> Packets.icmpv6(255, "fe80::7", "ff02::2", head, ndp);
            default -> Packets.hex("00010800060400010a00000000070a0100070000000000000a010001");
        };
    }

    /** Everything that reads or answers input, folded into one number. */
    private long digest(UnsafeBuffer in, int length, int mtu) {
        long digest = 17;
        digest = digest * 31 + parse(in, length);
        digest = digest * 31 + answers(in, length);
        digest = digest * 31 + errors(in, length, mtu);
        digest = digest * 31 + fragments(in, length, mtu);
        return digest * 31 + clamp(in, length, mtu);
    }

    private static long parse(UnsafeBuffer in, int length) {
        long digest = Checksum.sum(in, OFFSET, length);
        if (Ipv6Header.isValid(in, OFFSET, length)) {
            digest = digest * 31 + Ipv6Extensions.walk(in, OFFSET);
        }
        if (TcpHeader.isValid(in, OFFSET, length)) {
            digest = digest * 31 + TcpHeader.mssOffset(in, OFFSET);
        }
        digest = digest * 31 + (UdpHeader.isValid(in, OFFSET, length) ? 1 : 0);
        int type = NeighbourDiscovery.validType(in, OFFSET, length);
        if (type == Icmpv6Header.NEIGHBOUR_ADVERTISEMENT) {
            return digest * 31 + NeighbourDiscovery.targetMac(in, OFFSET);
        }
        return type == 0 ? digest : digest * 31 + NeighbourDiscovery.sourceMac(in, OFFSET);
    }

    private long answers(UnsafeBuffer in, int length) {
        long digest = written(ArpResponder.answer(GATEWAY, in, OFFSET, length, out, 0));
        int advertised = NeighbourDiscovery.answer(GATEWAY, in, OFFSET, length, 7, out, 0);
        digest = digest * 31 + written(advertised);
        return digest * 31 + written(ROUTER.answer(in, OFFSET, length, 7, out, 0));
    }

    private long errors(UnsafeBuffer in, int length, int mtu) {
        long v4 = written(IcmpErrors.fragmentationNeeded(in, OFFSET, length, mtu, 1, out, 0));
        long v6 = written(Icmpv6Errors.packetTooBig(in, OFFSET, length, mtu, 1, 1, out, 0));
        return v4 * 31 + v6;
    }

    private long fragments(UnsafeBuffer in, int length, int mtu) {
        int count = Ipv4Fragmenter.count(in, OFFSET, length, mtu);
        long digest = count;
        for (int i = 0; count > 1 && i < count; i++) {
            int fragmentLength = Ipv4Fragmenter.write(in, OFFSET, mtu, i, out, 0);
            assertEquals(true, Ipv4Header.isValid(out, 0, fragmentLength));
            digest = digest * 31 + written(fragmentLength);
        }
        return digest;
    }

    /** Last, since it writes into the input. */
    private static long clamp(UnsafeBuffer in, int length, int mtu) {
        if (Ipv4Header.isValid(in, OFFSET, length) && Ipv4Header.protocol(in, OFFSET) == 6) {
            MssClamp.clampIpv4(in, OFFSET, mtu, true);
        } else if (Ipv6Header.isValid(in, OFFSET, length)) {
            long walk = Ipv6Extensions.walk(in, OFFSET);
            if (walk != Ipv6Extensions.MALFORMED && Ipv6Extensions.protocol(walk) == 6) {
                MssClamp.clampIpv6(in, OFFSET, walk, mtu, true);
            }
        }
        TransportChecksum.complete(in, OFFSET, length, mtu % 64, mtu % 32);
        return Checksum.sum(in, OFFSET, length);
    }

    private long written(int length) {
        return length * 31L + Checksum.sum(out, 0, length);
    }
}
