package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Native memory for one test, filled with zeros, and waiting for what the kernel does in its time.
 */
final class Native {
    private static final long WAIT_MAX_NS = 2_000_000_000L;

    private Native() {}

    /** Lives as long as the process: tests are few, and a dangling address would be worse. */
    static UnsafeBuffer buffer(int length) {
        MemorySegment memory = Arena.global().allocate(length, 64);
        return new UnsafeBuffer(memory.address(), length);
    }

    static long endpoint(String address, int port) {
        long memory = buffer(EndpointAddress.LENGTH).addressOffset();
        EndpointAddress.encode(new InetSocketAddress(address, port), memory);
        return memory;
    }

    /** Repeats the call until it gives something else than -EAGAIN, at most two seconds. */
    static int await(IntSupplier call) {
        long start = System.nanoTime();
        int result = call.getAsInt();
        while (result == -Errno.EAGAIN && System.nanoTime() - start < WAIT_MAX_NS) {
            LockSupport.parkNanos(100_000);
            result = call.getAsInt();
        }
        return result;
    }
}
