package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The argument of sendmsg and recvmsg, made once and filled again for every call: {@code struct
 * msghdr}, its single {@code iovec}, and room for control messages. 64-bit layout, native byte
 * order.
 *
 * <pre>
 *    0  name address         (8)     56  data address   (8)
 *    8  name length          (4)+4   64  data length    (8)
 *   16  iovec address        (8)     72  control messages, each:
 *   24  iovec count = 1      (8)          0  length (8), header's 16 bytes included
 *   32  control address      (8)          8  level  (4)
 *   40  control length       (8)         12  type   (4)
 *   48  flags, by the kernel (4)+4       16  data, padded to 8
 * </pre>
 */
final class MessageHeader {
    static final int MSG_TRUNC = 0x20;
    static final int CONTROL_HEADER_LENGTH = 16;

    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int VECTOR_OFFSET = 16;
    private static final int VECTOR_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int FLAGS_OFFSET = 48;
    private static final int DATA_OFFSET = 56;
    private static final int DATA_LENGTH_OFFSET = 64;
    private static final int CONTROL_START_OFFSET = 72;
    private static final int CONTROL_LENGTH_MAX = 128;

    /**
     * Freed by the collector with this object, hence kept in a field as long as the address is
     * used.
     */
    private final MemorySegment memory =
            Arena.ofAuto().allocate(CONTROL_START_OFFSET + CONTROL_LENGTH_MAX, Long.BYTES);

    private final long address = memory.address();

    MessageHeader() {
        Memory.putLong(address + VECTOR_OFFSET, address + DATA_OFFSET);
        Memory.putLong(address + VECTOR_COUNT_OFFSET, 1);
        Memory.putLong(address + CONTROL_OFFSET, address + CONTROL_START_OFFSET);
    }

    long address() {
        return address;
    }

    /** Where the data goes or comes from, and the socket address of the other end. */
    void wrap(long dataAddress, int dataLength, long nameAddress, int nameLength) {
        Memory.putLong(address, nameAddress);
        Memory.putInt(address + NAME_LENGTH_OFFSET, nameLength);
        Memory.putLong(address + DATA_OFFSET, dataAddress);
        Memory.putLong(address + DATA_LENGTH_OFFSET, dataLength);
    }

    /** To be called before every receive, since the kernel overwrites the length. */
    void acceptControl() {
        Memory.putLong(address + CONTROL_LENGTH_OFFSET, CONTROL_LENGTH_MAX);
    }

    void noControl() {
        Memory.putLong(address + CONTROL_LENGTH_OFFSET, 0);
    }

    /** One control message that carries an unsigned short. */
    void control(int level, int type, int value) {
        long control = address + CONTROL_START_OFFSET;
        Memory.putLong(control, CONTROL_HEADER_LENGTH + Short.BYTES);
        Memory.putInt(control + 8, level);
        Memory.putInt(control + 12, type);
        Memory.putShort(control + CONTROL_HEADER_LENGTH, value);
        Memory.putLong(address + CONTROL_LENGTH_OFFSET, CONTROL_HEADER_LENGTH + (long) Long.BYTES);
    }

    /** One control message that carries an int. */
    void controlOfInt(int level, int type, int value) {
        control(level, type, 0);
        Memory.putLong(address + CONTROL_START_OFFSET, CONTROL_HEADER_LENGTH + Integer.BYTES);
        Memory.putInt(address + CONTROL_START_OFFSET + CONTROL_HEADER_LENGTH, value);
    }

    boolean isTruncated() {
        return (Memory.getInt(address + FLAGS_OFFSET) & MSG_TRUNC) != 0;
    }

    /** Address of the first control message, or 0 when none was received. */
    long firstControl() {
        return controlAt(address + CONTROL_START_OFFSET);
    }

    /** Address of the control message behind this one, or 0. */
    long nextControl(long control) {
        return controlAt(control + ((Memory.getLong(control) + 7) & ~7L));
    }

    private long controlAt(long control) {
        long end = address + CONTROL_START_OFFSET + Memory.getLong(address + CONTROL_LENGTH_OFFSET);
        boolean fits =
                control + CONTROL_HEADER_LENGTH <= end
                        && Memory.getLong(control) >= CONTROL_HEADER_LENGTH
                        && Memory.getLong(control) <= end - control;
        return fits ? control : 0;
    }

    static boolean isControl(long control, int level, int type) {
        return Memory.getInt(control + 8) == level && Memory.getInt(control + 12) == type;
    }

    static int controlInt(long control) {
        return Memory.getInt(control + CONTROL_HEADER_LENGTH);
    }
}
