package io.spillway.control.wire;

import com.google.protobuf.ByteString;
import io.spillway.routing.fib.Prefix;
import io.spillway.routing.rib.PrefixSet;

/**
 * Prefixes as bytes, one after the other and in order, each as network layer reachability
 * information of BGP (RFC 4271 section 4.3, RFC 4760 section 5): its length in bits, then as many
 * bytes of the address as hold them.
 *
 * <p>Stateless, any thread.
 */
public final class Nlri {
    private static final int IPV6_ENTRY_LENGTH_MAX = 1 + 16;

    private Nlri() {}

    /**
     * A piece of a set.
     *
     * @param end index of the first prefix behind it
     */
    public record Piece(Prefixes prefixes, int end) {
        /** In bytes. */
        public int length() {
            return prefixes.getIpv4().size() + prefixes.getIpv6().size();
        }
    }

    public static Prefixes encode(PrefixSet set) {
        int lengthMax = Math.multiplyExact(set.size(), IPV6_ENTRY_LENGTH_MAX);
        return encode(set, 0, lengthMax).prefixes();
    }

    /** Of the prefixes from {@code start} on as many as fit into {@code lengthMax} bytes. */
    public static Piece encode(PrefixSet set, int start, int lengthMax) {
        byte[] bytes =
                new byte
                        [(int)
                                Math.min(
                                        lengthMax,
                                        (long) IPV6_ENTRY_LENGTH_MAX * (set.size() - start))];
        int index = start;
        int ipv4Length = 0;
        int length = 0;
        while (index < set.size()) {
            int addressLength = addressLength(set.length(index));
            if (length + 1 + addressLength > lengthMax) {
                break;
            }
            bytes[length++] = (byte) set.length(index);
            for (int i = 0; i < addressLength; i++) {
                long half = i < Long.BYTES ? set.high(index) : set.low(index);
                bytes[length++] = (byte) (half >>> (Long.BYTES - 1 - i % Long.BYTES) * Byte.SIZE);
            }
            ipv4Length = set.isIpv4(index) ? length : ipv4Length;
            index++;
        }
        Prefixes prefixes =
                Prefixes.newBuilder()
                        .setIpv4(ByteString.copyFrom(bytes, 0, ipv4Length))
                        .setIpv6(ByteString.copyFrom(bytes, ipv4Length, length - ipv4Length))
                        .build();
        return new Piece(prefixes, index);
    }

    /** {@code prefixes} have passed the codec. */
    public static PrefixSet decode(Prefixes prefixes) {
        PrefixSet.Builder builder = new PrefixSet.Builder();
        decode(prefixes, builder);
        return builder.build();
    }

    /**
     * Adds {@code prefixes}, which have passed the codec.
     *
     * @return false, with some of them added, when they do not come after those that are there
     */
    public static boolean decode(Prefixes prefixes, PrefixSet.Builder into) {
        return decode(prefixes.getIpv4(), true, into) && decode(prefixes.getIpv6(), false, into);
    }

    private static boolean decode(ByteString bytes, boolean isIpv4, PrefixSet.Builder into) {
        for (int at = 0; at < bytes.size(); ) {
            int length = Byte.toUnsignedInt(bytes.byteAt(at));
            int addressLength = addressLength(length);
            long high = bits(bytes, at + 1, Math.min(addressLength, Long.BYTES));
            long low = bits(bytes, at + 1 + Long.BYTES, addressLength - Long.BYTES);
            if (!into.add(isIpv4, high, low, length)) {
                return false;
            }
            at += 1 + addressLength;
        }
        return true;
    }

    /** So many bytes, left-aligned; none when that is not positive. */
    private static long bits(ByteString bytes, int start, int count) {
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= Byte.toUnsignedLong(bytes.byteAt(start + i)) << Long.SIZE - Byte.SIZE * (i + 1);
        }
        return bits;
    }

    private static int addressLength(int length) {
        return length + Byte.SIZE - 1 >>> 3;
    }

    /** Whether the bytes are what {@link #encode} may give, in order too. */
    static void check(Prefixes prefixes) throws WireException {
        check(prefixes.getIpv4(), Prefix.IPV4_LENGTH_MAX);
        check(prefixes.getIpv6(), Prefix.IPV6_LENGTH_MAX);
    }

    private static void check(ByteString bytes, int lengthMax) throws WireException {
        long high = 0;
        long low = 0;
        int before = -1;
        for (int at = 0; at < bytes.size(); ) {
            int length = Byte.toUnsignedInt(bytes.byteAt(at));
            FieldCheck.require(length <= lengthMax, "prefix length " + length);
            int addressLength = addressLength(length);
            boolean isWhole = at + 1 + addressLength <= bytes.size();
            FieldCheck.require(isWhole, "prefix is cut short");
            int last = addressLength == 0 ? 0 : bytes.byteAt(at + addressLength);
            boolean isClean = length % Byte.SIZE == 0 || (last << length % Byte.SIZE & 0xff) == 0;
            FieldCheck.require(isClean, "bits set behind the prefix length");
            long nextHigh = bits(bytes, at + 1, Math.min(addressLength, Long.BYTES));
            long nextLow = bits(bytes, at + 1 + Long.BYTES, addressLength - Long.BYTES);
            int order = Long.compareUnsigned(high, nextHigh);
            order = order == 0 ? Long.compareUnsigned(low, nextLow) : order;
            boolean isInOrder = order < 0 || order == 0 && before < length;
            FieldCheck.require(isInOrder, "prefixes not in order");
            high = nextHigh;
            low = nextLow;
            before = length;
            at += 1 + addressLength;
        }
    }
}
