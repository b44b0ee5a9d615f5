package io.spillway.routing.fib;

/** IPv6 text: reads every form of RFC 4291 section 2.2, writes the canonical one of RFC 5952. */
final class Ipv6Text {
    private static final int GROUP_COUNT = 8;
    private static final int TEXT_LENGTH_MAX = 45;
    private static final long IPV4_MAPPED = 0xFFFFL;

    private Ipv6Text() {}

    static IpAddress parse(String text, String whole) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw IpAddress.refuse(whole, "too long to be an IPv6 address");
        }
        int[] groups = new int[GROUP_COUNT];
        int gap = text.indexOf("::");
        if (gap < 0) {
            int count = readGroups(text, true, groups, whole);
            if (count != GROUP_COUNT) {
                throw IpAddress.refuse(
                        whole, "not an IPv6 address: expected 8 groups or \"::\", found " + count);
            }
        } else {
            readAroundGap(text, gap, groups, whole);
        }
        return IpAddress.ofIpv6(join(groups, 0), join(groups, 4));
    }

    private static void readAroundGap(String text, int gap, int[] groups, String whole) {
        if (text.indexOf("::", gap + 1) >= 0) {
            throw IpAddress.refuse(whole, "not an IPv6 address: \"::\" may stand only once");
        }
        int[] tail = new int[GROUP_COUNT];
        int headCount = readGroups(text.substring(0, gap), false, groups, whole);
        int tailCount = readGroups(text.substring(gap + 2), true, tail, whole);
        if (headCount + tailCount >= GROUP_COUNT) {
            throw IpAddress.refuse(whole, "not an IPv6 address: \"::\" stands for no group");
        }
        System.arraycopy(tail, 0, groups, GROUP_COUNT - tailCount, tailCount);
    }

    /** Reads colon-separated groups and returns how many; none in an empty text. */
    private static int readGroups(String text, boolean isEnd, int[] groups, String whole) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean dotted = isEnd && i == parts.length - 1 && parts[i].indexOf('.') >= 0;
            if (count + (dotted ? 2 : 1) > GROUP_COUNT) {
                throw IpAddress.refuse(whole, "not an IPv6 address: more than 8 groups");
            }
            if (dotted) {
                int address = Ipv4Text.parse(parts[i], whole);
                groups[count++] = address >>> 16;
                groups[count++] = address & 0xFFFF;
            } else {
                groups[count++] = group(parts[i], whole);
            }
        }
        return count;
    }

    private static int group(String text, String whole) {
        boolean isGroup = !text.isEmpty() && text.length() <= 4;
        int value = 0;
        for (int i = 0; isGroup && i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c <= 'f' ? Character.digit(c, 16) : -1;
            isGroup = digit >= 0;
            value = value << 4 | digit;
        }
        if (!isGroup) {
            throw IpAddress.refuse(
                    whole,
                    "not an IPv6 address: a group has 1 to 4 hexadecimal digits"
                            + (whole.indexOf('%') >= 0 ? " (zones are not accepted)" : ""));
        }
        return value;
    }

    private static long join(int[] groups, int first) {
        return (long) groups[first] << 48
                | (long) groups[first + 1] << 32
                | (long) groups[first + 2] << 16
                | groups[first + 3];
    }

    static String format(long high, long low) {
        if (high == 0 && low >>> 32 == IPV4_MAPPED) { // RFC 5952 section 5
            return "::ffff:" + Ipv4Text.format((int) low);
        }
        int gap = longestZeroRun(high, low);
        int gapStart = gap >>> 4;
        int gapEnd = gapStart + (gap & 0xF);
        StringBuilder text = new StringBuilder(TEXT_LENGTH_MAX);
        for (int i = 0; i < GROUP_COUNT; i++) {
            if (i == gapStart && gapEnd > gapStart) {
                text.append("::");
                i = gapEnd - 1;
            } else {
                boolean needsColon = !text.isEmpty() && text.charAt(text.length() - 1) != ':';
                text.append(needsColon ? ":" : "").append(Integer.toHexString(group(high, low, i)));
            }
        }
        return text.toString();
    }

    /** Start times 16 plus length of the first longest run of two or more zero groups, or 0. */
    private static int longestZeroRun(long high, long low) {
        int best = 0;
        int start = 0;
        for (int i = 0; i < GROUP_COUNT; i++) {
            if (group(high, low, i) != 0) {
                start = i + 1;
            } else if (i + 1 - start >= 2 && i + 1 - start > (best & 0xF)) {
                best = start << 4 | i + 1 - start;
            }
        }
        return best;
    }

    private static int group(long high, long low, int index) {
        return (int) ((index < 4 ? high : low) >>> 48 - 16 * (index & 3)) & 0xFFFF;
    }
}
