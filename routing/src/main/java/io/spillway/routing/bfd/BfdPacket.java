package io.spillway.routing.bfd;

import java.nio.ByteBuffer;

/**
 * A control packet without authentication (RFC 5880 section 4.1).
 *
 * <pre>
 *    0                   1                   2                   3
 *   |vers | diag    |sta|P|F|C|A|D|M|  detect mult  |    length     |
 *   |                       my discriminator                        |
 *   |                      your discriminator                       |
 *   |                desired min TX interval, us                    |
 *   |                required min RX interval, us                   |
 *   |              required min echo RX interval, us                |
 * </pre>
 *
 * <p>Intervals and discriminators are unsigned.
 */
record BfdPacket(
        BfdDiagnostic diagnostic,
        BfdState state,
        boolean isPoll,
        boolean isFinal,
        boolean isDemand,
        int multiplier,
        int mine,
        int yours,
        long desiredMinTxUs,
        long requiredMinRxUs) {
    static final int LENGTH = 24;

    private static final int VERSION = 1;
    private static final int POLL = 0x20;
    private static final int FINAL = 0x10;
    private static final int AUTHENTICATED = 0x04;
    private static final int DEMAND = 0x02;
    private static final int MULTIPOINT = 0x01;
    private static final int STATE_SHIFT = 6;
    private static final int DIAGNOSTIC_MASK = 0x1F;
    private static final long UNSIGNED = 0xFFFF_FFFFL;

    byte[] encode() {
        int flags = (isPoll ? POLL : 0) | (isFinal ? FINAL : 0) | (isDemand ? DEMAND : 0);
        return ByteBuffer.allocate(LENGTH)
                .put((byte) (VERSION << 5 | diagnostic.ordinal()))
                .put((byte) (state.ordinal() << STATE_SHIFT | flags))
                .put((byte) multiplier)
                .put((byte) LENGTH)
                .putInt(mine)
                .putInt(yours)
                .putInt((int) desiredMinTxUs)
                .putInt((int) requiredMinRxUs)
                .putInt(0)
                .array();
    }

    /** Null for what section 6.8.6 has us discard before a session is looked for. */
    static BfdPacket decode(byte[] bytes, int offset, int length) {
        if (length < LENGTH) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        int first = in.get() & 0xFF;
        int second = in.get() & 0xFF;
        int multiplier = in.get() & 0xFF;
        int said = in.get() & 0xFF;
        int mine = in.getInt();
        int yours = in.getInt();
        BfdState state = BfdState.of(second >>> STATE_SHIFT);
        boolean isWrong =
                first >>> 5 != VERSION
                        || said < LENGTH
                        || said > length
                        || multiplier == 0
                        || mine == 0
                        || (second & (AUTHENTICATED | MULTIPOINT)) != 0
                        || (second & (POLL | FINAL)) == (POLL | FINAL)
                        || yours == 0 && state.compareTo(BfdState.DOWN) > 0;
        if (isWrong) {
            return null;
        }
        return new BfdPacket(
                BfdDiagnostic.of(first & DIAGNOSTIC_MASK),
                state,
                (second & POLL) != 0,
                (second & FINAL) != 0,
                (second & DEMAND) != 0,
                multiplier,
                mine,
                yours,
                in.getInt() & UNSIGNED,
                in.getInt() & UNSIGNED);
    }
}
