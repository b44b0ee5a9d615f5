package io.spillway.routing.mrt;

import io.spillway.routing.fib.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The path attributes of a {@link MrtPath}, as far as tools want them (RFC 4271 section 4.3, RFC
 * 6396 section 4.3.4).
 *
 * <p>Stateless, any thread.
 */
public final class MrtAttributes {
    private static final int ORIGIN = 1;
    private static final int AS_PATH = 2;
    private static final int NEXT_HOP = 3;
    private static final int MP_REACH_NLRI = 14;
    private static final int EXTENDED_LENGTH = 0x10;
    private static final int TRANSITIVE = 0x40;
    private static final int OPTIONAL = 0x80;
    private static final int INCOMPLETE = 2;
    private static final int AS_SET = 1;
    private static final int AS_SEQUENCE = 2;
    private static final int SEGMENT_MAX = 255;

    private MrtAttributes() {}

    /**
     * Of a route of which no more is known: ORIGIN is INCOMPLETE.
     *
     * @param asPath as {@link #asPath} gives it
     * @param nextHop unspecified where there is none
     * @throws IllegalArgumentException when {@code asPath} is none
     */
    public static byte[] encode(String asPath, IpAddress nextHop) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, TRANSITIVE, ORIGIN, new byte[] {INCOMPLETE});
        put(out, TRANSITIVE, AS_PATH, segments(asPath));
        if (nextHop.isIpv4()) {
            put(out, TRANSITIVE, NEXT_HOP, bytes(nextHop));
        } else {
            ByteBuffer reach = ByteBuffer.allocate(17).put((byte) 16).put(bytes(nextHop));
            put(out, OPTIONAL, MP_REACH_NLRI, reach.array());
        }
        return out.toByteArray();
    }

    private static byte[] bytes(IpAddress address) {
        return address.isIpv4()
                ? ByteBuffer.allocate(4).putInt(address.toIpv4()).array()
                : ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array();
    }

    private static void put(ByteArrayOutputStream out, int flags, int type, byte[] value) {
        boolean isExtended = value.length > 255;
        out.write(isExtended ? flags | EXTENDED_LENGTH : flags);
        out.write(type);
        if (isExtended) {
            out.write(value.length >>> 8);
        }
        out.write(value.length);
        out.writeBytes(value);
    }

    private static byte[] segments(String asPath) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> sequence = new ArrayList<>();
        for (String word : asPath.isEmpty() ? new String[0] : asPath.split(" ")) {
            boolean isSet = word.startsWith("{") && word.endsWith("}");
            if (!isSet) {
                sequence.add(word);
            }
            if (isSet || sequence.size() == SEGMENT_MAX) {
                segment(out, AS_SEQUENCE, sequence);
            }
            if (isSet) {
                List<String> set = List.of(word.substring(1, word.length() - 1).split(","));
                segment(out, AS_SET, new ArrayList<>(set));
            }
        }
        segment(out, AS_SEQUENCE, sequence);
        return out.toByteArray();
    }

    /** Empties {@code numbers}. */
    private static void segment(ByteArrayOutputStream out, int kind, List<String> numbers) {
        if (numbers.isEmpty()) {
            return;
        }
        out.write(kind);
        out.write(numbers.size());
        ByteBuffer ases = ByteBuffer.allocate(4 * numbers.size());
        numbers.forEach(number -> ases.putInt(Integer.parseUnsignedInt(number)));
        out.writeBytes(ases.array());
        numbers.clear();
    }

    /** As people write it, sets in braces; empty for a path of no AS, or none. */
    public static String asPath(byte[] attributes) {
        ByteBuffer path = find(attributes, AS_PATH);
        StringBuilder text = new StringBuilder();
        while (path != null && path.remaining() >= 2) {
            boolean isSet = path.get() == AS_SET;
            int count = Byte.toUnsignedInt(path.get());
            text.append(text.isEmpty() ? "" : " ").append(isSet ? "{" : "");
            for (int i = 0; i < count; i++) {
                text.append(i == 0 ? "" : isSet ? "," : " ");
                text.append(Integer.toUnsignedString(path.getInt()));
            }
            text.append(isSet ? "}" : "");
        }
        return text.toString();
    }

    /** Null where it says none. */
    public static IpAddress nextHop(byte[] attributes) {
        ByteBuffer ipv4 = find(attributes, NEXT_HOP);
        if (ipv4 != null) {
            return IpAddress.ofIpv4(ipv4.getInt());
        }
        ByteBuffer reach = find(attributes, MP_REACH_NLRI);
        if (reach == null) {
            return null;
        }
        reach.position(reach.position() + nextHopOffset(reach));
        int length = reach.get();
        return length == 4
                ? IpAddress.ofIpv4(reach.getInt())
                : IpAddress.ofIpv6(reach.getLong(), reach.getLong());
    }

    /** Some collectors write the whole attribute, which begins with the address family. */
    private static int nextHopOffset(ByteBuffer reach) {
        return reach.get(reach.position()) == 0 ? 3 : 0;
    }

    /** Of an attribute of well-formed ones; null: there is none of that type. */
    private static ByteBuffer find(byte[] attributes, int type) {
        ByteBuffer all = ByteBuffer.wrap(attributes);
        while (all.hasRemaining()) {
            int flags = all.get();
            int found = Byte.toUnsignedInt(all.get());
            int length = length(all, flags);
            if (found == type) {
                return all.slice(all.position(), length);
            }
            all.position(all.position() + length);
        }
        return null;
    }

    private static int length(ByteBuffer all, int flags) {
        return (flags & EXTENDED_LENGTH) == 0
                ? Byte.toUnsignedInt(all.get())
                : Short.toUnsignedInt(all.getShort());
    }

    /** What is wrong with them; empty: nothing. */
    static String fault(byte[] attributes) {
        ByteBuffer all = ByteBuffer.wrap(attributes);
        while (all.hasRemaining()) {
            if (all.remaining() < 3) {
                return "a path attribute is cut short";
            }
            int flags = all.get();
            int type = Byte.toUnsignedInt(all.get());
            if ((flags & EXTENDED_LENGTH) != 0 && all.remaining() < 2) {
                return "a path attribute is cut short";
            }
            int length = length(all, flags);
            if (length > all.remaining()) {
                return "path attribute " + type + " of " + length + " bytes is cut short";
            }
            String fault = fault(type, all.slice(all.position(), length));
            if (!fault.isEmpty()) {
                return fault;
            }
            all.position(all.position() + length);
        }
        return "";
    }

    private static String fault(int type, ByteBuffer value) {
        return switch (type) {
            case ORIGIN ->
                    value.remaining() == 1 ? "" : "ORIGIN of " + value.remaining() + " bytes";
            case AS_PATH -> pathFault(value);
            case NEXT_HOP ->
                    value.remaining() == 4 ? "" : "NEXT_HOP of " + value.remaining() + " bytes";
            case MP_REACH_NLRI -> reachFault(value);
            default -> "";
        };
    }

    private static String pathFault(ByteBuffer path) {
        while (path.hasRemaining()) {
            if (path.remaining() < 2) {
                return "an AS_PATH segment is cut short";
            }
            path.get();
            int length = 4 * Byte.toUnsignedInt(path.get());
            if (length == 0 || length > path.remaining()) {
                return "an AS_PATH segment of " + length + " bytes in " + path.remaining();
            }
            path.position(path.position() + length);
        }
        return "";
    }

    private static String reachFault(ByteBuffer reach) {
        if (!reach.hasRemaining()) {
            return "MP_REACH_NLRI is empty";
        }
        int offset = nextHopOffset(reach);
        int length = offset < reach.remaining() ? Byte.toUnsignedInt(reach.get(offset)) : 0;
        boolean isKnown = length == 4 || length == 16 || length == 32;
        return isKnown && offset + 1 + length <= reach.remaining()
                ? ""
                : "MP_REACH_NLRI with a next hop of " + length + " bytes";
    }
}
