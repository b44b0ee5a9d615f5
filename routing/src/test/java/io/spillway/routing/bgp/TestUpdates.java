package io.spillway.routing.bgp;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** UPDATE messages as a neighbour would send them, written without any code of the speaker's. */
final class TestUpdates {
    private TestUpdates() {}

    static Prefix prefix(SplittableRandom random) {
        return random.nextBoolean() ? prefix4(random) : prefix6(random);
    }

    static Prefix prefix4(SplittableRandom random) {
        int address = 10 << 24 | random.nextInt(1 << 20);
        return Prefix.containing(IpAddress.ofIpv4(address), 8 + random.nextInt(25));
    }

    static Prefix prefix6(SplittableRandom random) {
        long high = 0x2001_0db8L << 32 | random.nextInt();
        return Prefix.containing(
                IpAddress.ofIpv6(high, random.nextLong()), 32 + random.nextInt(97));
    }

    /** Announces prefixes of one family with any attributes, all of them right. */
    static byte[] random(SplittableRandom random, long peerAs, int asWidth) {
        ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        boolean isIpv4 = random.nextBoolean();
        attribute(attributes, 0x40, 1, random.nextInt(3));
        attributes.writeBytes(asPath(random, peerAs, asWidth));
        if (isIpv4) {
            attribute(attributes, 0x40, 3, 192, 0, 2, 2);
        }
        if (random.nextBoolean()) {
            attribute(attributes, 0x80, 4, 0, 0, 0, random.nextInt(256));
        }
        if (random.nextInt(4) == 0) {
            attribute(attributes, 0x40, 6);
        }
        if (random.nextInt(4) == 0) {
            attribute(attributes, 0xC0, 8, 255, 255, 255, random.nextInt(8), 1, 2, 3, 4);
        }
        if (random.nextInt(4) == 0) {
            attribute(attributes, 0xC0, 32, 0, 0, 253, 233, 0, 0, 0, 1, 0, 0, 0, 2);
        }
        if (random.nextInt(8) == 0) {
            attribute(attributes, 0xC0, 99, random.nextInt(256));
        }
        byte[] routes = prefixes(random, isIpv4);
        if (!isIpv4) {
            reach(attributes, routes);
        }
        return update(new byte[0], attributes.toByteArray(), isIpv4 ? routes : new byte[0]);
    }

    static byte[] withdrawal(SplittableRandom random) {
        if (random.nextBoolean()) {
            return update(prefixes(random, true), new byte[0], new byte[0]);
        }
        ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        byte[] routes = prefixes(random, false);
        attributes.writeBytes(new byte[] {(byte) 0x90, 15, 0, (byte) (3 + routes.length), 0, 2, 1});
        attributes.writeBytes(routes);
        return update(new byte[0], attributes.toByteArray(), new byte[0]);
    }

    private static void reach(ByteArrayOutputStream attributes, byte[] routes) {
        attributes.writeBytes(
                new byte[] {(byte) 0x90, 14, 0, (byte) (21 + routes.length), 0, 2, 1, 16});
        attributes.writeBytes(address6(2));
        attributes.write(0);
        attributes.writeBytes(routes);
    }

    static byte[] address6(int last) {
        byte[] address = {0x20, 0x01, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        address[15] = (byte) last;
        return address;
    }

    private static byte[] asPath(SplittableRandom random, long peerAs, int asWidth) {
        List<Long> path = new ArrayList<>(List.of(peerAs));
        for (int hops = random.nextInt(5); hops > 0; hops--) {
            path.add(1000L + random.nextInt(50));
        }
        byte[] value = new byte[2 + asWidth * path.size()];
        value[0] = 2;
        value[1] = (byte) path.size();
        for (int i = 0; i < path.size(); i++) {
            for (int b = 0; b < asWidth; b++) {
                value[2 + i * asWidth + b] = (byte) (path.get(i) >>> 8 * (asWidth - 1 - b));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x40, 2, (byte) value.length});
        out.writeBytes(value);
        return out.toByteArray();
    }

    private static byte[] prefixes(SplittableRandom random, boolean isIpv4) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int left = 1 + random.nextInt(5); left > 0; left--) {
            out.writeBytes(nlri(isIpv4 ? prefix4(random) : prefix6(random)));
        }
        return out.toByteArray();
    }

    static byte[] nlri(Prefix prefix) {
        byte[] bytes = new byte[1 + (prefix.length() + 7) / 8];
        bytes[0] = (byte) prefix.length();
        for (int i = 1; i < bytes.length; i++) {
            long word = i <= 8 ? prefix.high() : prefix.low();
            bytes[i] = (byte) (word >>> 56 - 8 * ((i - 1) % 8));
        }
        return bytes;
    }

    static void attribute(ByteArrayOutputStream out, int flags, int type, int... value) {
        out.write(flags);
        out.write(type);
        out.write(value.length);
        for (int each : value) {
            out.write(each);
        }
    }

    static byte[] update(byte[] withdrawn, byte[] attributes, byte[] nlri) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = 23 + withdrawn.length + attributes.length + nlri.length;
        for (int i = 0; i < 16; i++) {
            out.write(0xFF);
        }
        out.writeBytes(new byte[] {(byte) (length >> 8), (byte) length, 2});
        out.writeBytes(new byte[] {(byte) (withdrawn.length >> 8), (byte) withdrawn.length});
        out.writeBytes(withdrawn);
        out.writeBytes(new byte[] {(byte) (attributes.length >> 8), (byte) attributes.length});
        out.writeBytes(attributes);
        out.writeBytes(nlri);
        return out.toByteArray();
    }
}
