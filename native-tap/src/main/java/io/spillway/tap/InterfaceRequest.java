package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@code struct ifreq}, the argument of interface ioctls, native byte order.
 *
 * <pre>
 *   0                              16                              40
 *  +-------------------------------+-------------------------------+
 *  | name, ended by a zero byte    | flags (u16), or MTU/index (i32)|
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
final class InterfaceRequest {
    private static final int LENGTH = 40;
    private static final int VALUE_OFFSET = 16;

    private final MemorySegment memory;

    InterfaceRequest(Arena arena, String name) {
        TapConfig.checkName(name);
        memory = arena.allocate(LENGTH, Long.BYTES);
        memory.setString(0, name);
    }

    long address() {
        return memory.address();
    }

    String name() {
        return memory.getString(0);
    }

    int getShort() {
        return Memory.getUnsignedShort(address() + VALUE_OFFSET);
    }

    void putShort(int value) {
        Memory.putShort(address() + VALUE_OFFSET, value);
    }

    int getInt() {
        return Memory.getInt(address() + VALUE_OFFSET);
    }

    void putInt(int value) {
        Memory.putInt(address() + VALUE_OFFSET, value);
    }
}
