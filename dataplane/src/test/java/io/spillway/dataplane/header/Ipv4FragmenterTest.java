package io.spillway.dataplane.header;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class Ipv4FragmenterTest {
    private static final int MORE = 0x2000;

    @Test
    void shouldCutAtMultiplesOfEight() {
        byte[] packet = packet(0, new byte[0], new byte[3000]);

        List<byte[]> fragments = cut(packet, 1383);

        assertEquals(List.of(1380, 1380, 300), fragments.stream().map(f -> f.length).toList());
        assertEquals(MORE, Packets.get16(fragments.get(0), 6));
        assertEquals(MORE | 170, Packets.get16(fragments.get(1), 6));
        assertEquals(340, Packets.get16(fragments.get(2), 6));
    }

    @Test
    void shouldCopyOnlyOptionsThatAskForIt() {
        // Record route (7) goes into the first fragment only, router alert (148) into all.
        byte[] options = Packets.hex("07 07 04 00000000 01 94 04 0000");
        byte[] packet = packet(0, options, new byte[200]);

        List<byte[]> fragments = cut(packet, 100);

        assertArrayEquals(options, Arrays.copyOfRange(fragments.get(0), 20, 32));
        for (byte[] fragment : fragments.subList(1, fragments.size())) {
            assertEquals(0x46, fragment[0]);
            assertArrayEquals(Packets.hex("94 04 0000"), Arrays.copyOfRange(fragment, 20, 24));
        }
    }

    @Test
    void shouldPadCopiedOptionsWithEnd() {
        byte[] packet = packet(0, Packets.hex("83 07 04 00000000 00"), new byte[200]);

        byte[] second = cut(packet, 100).get(1);

        assertArrayEquals(Packets.hex("83 07 04 00000000 00"), Arrays.copyOfRange(second, 20, 28));
    }

    @Test
    void shouldKeepPlaceAndFlagOfAFragmentCutAgain() {
        byte[] packet = packet(MORE | 100, new byte[0], new byte[160]);

        List<byte[]> fragments = cut(packet, 100);

        assertEquals(MORE | 100, Packets.get16(fragments.get(0), 6));
        assertEquals(MORE | 110, Packets.get16(fragments.get(1), 6));
    }

    @Test
    void shouldRefuseWhatMayNotBeCut() {
        byte[] dontFragment = packet(0x4000, new byte[0], new byte[200]);
        byte[] badOptions = packet(0, Packets.hex("83 09 04 00"), new byte[200]);
        byte[] fits = packet(0x4000, new byte[0], new byte[80]);

        assertEquals(0, count(dontFragment, 100));
        assertEquals(0, count(badOptions, 100));
        assertEquals(0, count(packet(0, new byte[0], new byte[200]), 67));
        assertEquals(1, count(fits, 100));
        assertEquals(0, Ipv4Fragmenter.count(new UnsafeBuffer(fits), 0, 99, 100));
    }

    @Test
    void shouldReassembleToTheOriginalHoweverCut() {
        long seed = 791;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < Guarded.count(2_000, 100_000); i++) {
            byte[] options = options(random);
            byte[] data = Packets.random(random, 1 + random.nextInt(i % 50 == 0 ? 65_000 : 3_000));
            byte[] packet = packet(0, options, data);
            int mtu = random.nextInt(68, 1600);

            List<byte[]> once = cut(packet, mtu);
            List<byte[]> twice = new ArrayList<>();
            int smallerMtu = random.nextInt(68, mtu + 1);
            once.forEach(fragment -> twice.addAll(cut(fragment, smallerMtu)));
            Collections.shuffle(twice, java.util.Random.from((RandomGenerator) random));

            assertArrayEquals(packet, reassemble(twice), "seed " + seed + " #" + i);
        }
    }

    private static byte[] packet(int fragmentField, byte[] options, byte[] data) {
        return Packets.ipv4WithOptions(17, fragmentField, "10.1.0.7", "10.2.0.9", options, data);
    }

    private static byte[] options(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Packets.hex("07 07 04 00000000 00");
            case 1 -> Packets.hex("94 04 0000");
            case 2 -> Packets.hex("01 83 07 04 01020304 44 04 05 00");
            default -> new byte[0];
        };
    }

    private static int count(byte[] packet, int mtu) {
        return Ipv4Fragmenter.count(new UnsafeBuffer(packet), 0, packet.length, mtu);
    }

    /** Each into a buffer of exactly mtu bytes, checked one by one. */
    private static List<byte[]> cut(byte[] packet, int mtu) {
        UnsafeBuffer source = new Guarded(1).of(packet, 3);
        int count = Ipv4Fragmenter.count(source, 3, packet.length, mtu);
        assertTrue(count > 0);
        if (count == 1) {
            return List.of(packet);
        }
        List<byte[]> fragments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UnsafeBuffer out = new Guarded(2).room(5 + mtu);
            int length = Ipv4Fragmenter.write(source, 3, mtu, i, out, 5);
            assertTrue(length <= mtu);
            assertTrue(Ipv4Header.isValid(out, 5, length));
            fragments.add(Guarded.bytes(out, 5, length));
        }
        return fragments;
    }

    /** The slow obvious way: data by offset, header of the fragment at 0. */
    private static byte[] reassemble(List<byte[]> fragments) {
        byte[] data = new byte[70_000];
        int end = -1;
        int total = 0;
        byte[] header = null;
        for (byte[] fragment : fragments) {
            int headerLength = (fragment[0] & 0xF) * 4;
            int field = Packets.get16(fragment, 6);
            int at = (field & 0x1FFF) * 8;
            System.arraycopy(fragment, headerLength, data, at, fragment.length - headerLength);
            total += fragment.length - headerLength;
            end = (field & MORE) == 0 ? at + fragment.length - headerLength : end;
            header = at == 0 ? Arrays.copyOf(fragment, headerLength) : header;
        }
        assertEquals(end, total);
        Packets.put16(header, 2, header.length + end);
        Packets.put16(header, 6, 0);
        Packets.put16(header, 10, 0);
        Packets.put16(header, 10, ~Packets.slowSum(header));
        return Packets.join(header, Arrays.copyOf(data, end));
    }
}
