package io.spillway.bench.bgp;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/** Which of the /24s from 16.0.0.0 on a speaker says that it has. */
final class PrefixSet {
    static final int SIZE_MAX = 1 << 20; // 16.0.0.0/4
    private static final int FIRST = 16 << 24;
    private static final int HOST_BITS = 8;
    private static final int LENGTH = 24;

    private final BitSet there = new BitSet(SIZE_MAX);
    private final AtomicInteger count = new AtomicInteger();

    static int address(int number) {
        return FIRST + (number << HOST_BITS);
    }

    /** Of all there are now. Any thread. */
    int count() {
        return count.get();
    }

    /** Takes over an UPDATE's body. One thread. */
    void apply(ByteBuffer body) {
        int withdrawnEnd = Short.toUnsignedInt(body.getShort()) + body.position();
        int changed = 0;
        while (body.position() < withdrawnEnd) {
            changed -= take(body, false);
        }
        body.position(body.position() + Short.toUnsignedInt(body.getShort(body.position())) + 2);
        while (body.hasRemaining()) {
            changed += take(body, true);
        }
        count.addAndGet(changed);
    }

    /** 1 if that changed anything. */
    private int take(ByteBuffer body, boolean isAnnounced) {
        int length = Byte.toUnsignedInt(body.get());
        int address = 0;
        for (int bits = 0; bits < length; bits += Byte.SIZE) {
            address |= Byte.toUnsignedInt(body.get()) << 24 - bits;
        }
        int number = address - FIRST >>> HOST_BITS;
        if (length != LENGTH || number >= SIZE_MAX || there.get(number) == isAnnounced) {
            return 0;
        }
        there.set(number, isAnnounced);
        return 1;
    }
}
