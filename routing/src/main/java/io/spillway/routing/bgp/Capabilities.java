package io.spillway.routing.bgp;

/**
 * What a speaker says it can (RFC 5492). Immutable.
 *
 * @param isMultiprotocol families are said by capability (RFC 4760); otherwise it is IPv4
 * @param as its AS in four octets (RFC 6793); -1: it has two only
 * @param isRestartKnown it takes part in graceful restart (RFC 4724)
 * @param isRestarting it starts again from where it was
 * @param restartTimeS how long it is away when it restarts
 * @param isIpv4Kept it went on forwarding IPv4 while it was away
 */
record Capabilities(
        boolean isMultiprotocol,
        boolean hasIpv4,
        boolean hasIpv6,
        boolean isRefreshKnown,
        boolean isExtendedMessageKnown,
        long as,
        boolean isRestartKnown,
        boolean isRestarting,
        int restartTimeS,
        boolean isIpv4Restarted,
        boolean isIpv6Restarted,
        boolean isIpv4Kept,
        boolean isIpv6Kept) {
    static final int AFI_IPV4 = 1;
    static final int AFI_IPV6 = 2;
    static final int SAFI_UNICAST = 1;

    private static final int MULTIPROTOCOL = 1;
    private static final int REFRESH = 2;
    private static final int EXTENDED_MESSAGE = 6;
    private static final int RESTART = 64;
    private static final int FOUR_OCTET_AS = 65;

    private static final int MULTIPROTOCOL_LENGTH = 4;
    private static final int RESTART_FAMILY_LENGTH = 4;
    private static final int RESTARTING_FLAG = 0x8000;
    private static final int RESTART_TIME_MASK = 0x0FFF;
    private static final int KEPT_FLAG = 0x80;

    /** Of a neighbour that says nothing. */
    private static final Capabilities NONE =
            new Capabilities(
                    false, true, false, false, false, -1, false, false, 0, false, false, false,
                    false);

    /** What this speaker says: all it can, and of graceful restart that it helps others. */
    static int put(byte[] target, int start, long as, boolean isIpv4, boolean isIpv6) {
        int at = start;
        if (isIpv4) {
            at = putFamily(target, at, AFI_IPV4);
        }
        if (isIpv6) {
            at = putFamily(target, at, AFI_IPV6);
        }
        at = Wire.put16(target, at, REFRESH << 8);
        at = Wire.put16(target, at, EXTENDED_MESSAGE << 8);
        at = Wire.put32(target, at, (long) RESTART << 24 | 2 << 16);
        at = Wire.put16(target, at, FOUR_OCTET_AS << 8 | 4);
        return Wire.put32(target, at, as);
    }

    private static int putFamily(byte[] target, int start, int family) {
        int at = Wire.put16(target, start, MULTIPROTOCOL << 8 | MULTIPROTOCOL_LENGTH);
        at = Wire.put16(target, at, family);
        return Wire.put16(target, at, SAFI_UNICAST);
    }

    static Capabilities none() {
        return NONE;
    }

    /** With those of one optional parameter; a later capability of a code replaces an earlier. */
    Capabilities read(byte[] bytes, int offset, int end) throws BgpException {
        Capabilities read = this;
        int at = offset;
        while (at < end) {
            if (end - at < 2 || end - at - 2 < Wire.u8(bytes, at + 1)) {
                throw malformed();
            }
            int length = Wire.u8(bytes, at + 1);
            read = read.with(Wire.u8(bytes, at), bytes, at + 2, length);
            at += 2 + length;
        }
        return read;
    }

    private Capabilities with(int code, byte[] bytes, int at, int length) throws BgpException {
        return switch (code) {
            case MULTIPROTOCOL -> {
                require(length == MULTIPROTOCOL_LENGTH);
                yield withFamily(Wire.u16(bytes, at), Wire.u8(bytes, at + 3));
            }
            case REFRESH -> {
                require(length == 0);
                yield with(true, isExtendedMessageKnown, as);
            }
            case EXTENDED_MESSAGE -> {
                require(length == 0);
                yield with(isRefreshKnown, true, as);
            }
            case FOUR_OCTET_AS -> {
                require(length == Wire.IPV4_LENGTH);
                yield with(isRefreshKnown, isExtendedMessageKnown, Wire.u32(bytes, at));
            }
            case RESTART -> {
                require(length >= 2 && (length - 2) % RESTART_FAMILY_LENGTH == 0);
                yield withRestart(bytes, at, length);
            }
            default -> this;
        };
    }

    private Capabilities withFamily(int family, int subsequent) {
        boolean isUnicast = subsequent == SAFI_UNICAST;
        boolean isIpv4 = isMultiprotocol && hasIpv4 || isUnicast && family == AFI_IPV4;
        boolean isIpv6 = hasIpv6 || isUnicast && family == AFI_IPV6;
        return new Capabilities(
                true,
                isIpv4,
                isIpv6,
                isRefreshKnown,
                isExtendedMessageKnown,
                as,
                isRestartKnown,
                isRestarting,
                restartTimeS,
                isIpv4Restarted,
                isIpv6Restarted,
                isIpv4Kept,
                isIpv6Kept);
    }

    private Capabilities with(boolean isRefresh, boolean isExtended, long newAs) {
        return new Capabilities(
                isMultiprotocol,
                hasIpv4,
                hasIpv6,
                isRefresh,
                isExtended,
                newAs,
                isRestartKnown,
                isRestarting,
                restartTimeS,
                isIpv4Restarted,
                isIpv6Restarted,
                isIpv4Kept,
                isIpv6Kept);
    }

    private Capabilities withRestart(byte[] bytes, int at, int length) {
        int flags = Wire.u16(bytes, at);
        boolean[] restarted = new boolean[AFI_IPV6 + 1];
        boolean[] kept = new boolean[AFI_IPV6 + 1];
        for (int family = at + 2; family < at + length; family += RESTART_FAMILY_LENGTH) {
            int afi = Wire.u16(bytes, family);
            if (afi <= AFI_IPV6 && Wire.u8(bytes, family + 2) == SAFI_UNICAST) {
                restarted[afi] = true;
                kept[afi] = (Wire.u8(bytes, family + 3) & KEPT_FLAG) != 0;
            }
        }
        return new Capabilities(
                isMultiprotocol,
                hasIpv4,
                hasIpv6,
                isRefreshKnown,
                isExtendedMessageKnown,
                as,
                true,
                (flags & RESTARTING_FLAG) != 0,
                flags & RESTART_TIME_MASK,
                restarted[AFI_IPV4],
                restarted[AFI_IPV6],
                kept[AFI_IPV4],
                kept[AFI_IPV6]);
    }

    boolean hasFamily(boolean isIpv4) {
        return isIpv4 ? hasIpv4 : hasIpv6;
    }

    /** Its routes of that family outlive the end of a connection, until it is back. */
    boolean isRestarted(boolean isIpv4) {
        return isRestartKnown && (isIpv4 ? isIpv4Restarted : isIpv6Restarted);
    }

    /** It is back and has gone on forwarding. */
    boolean isKept(boolean isIpv4) {
        return isRestartKnown && (isIpv4 ? isIpv4Kept : isIpv6Kept);
    }

    private static void require(boolean isRight) throws BgpException {
        if (!isRight) {
            throw malformed();
        }
    }

    private static BgpException malformed() {
        return new BgpException(Notification.OPEN, 0);
    }
}
