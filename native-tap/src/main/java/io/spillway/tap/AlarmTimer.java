package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor that becomes readable when its time has come (timerfd_create(2)), for an event loop
 * that sleeps without a timeout of its own. It need not be read: arming it again clears it.
 *
 * <p>Owned by one thread at a time.
 */
public final class AlarmTimer implements AutoCloseable {
    private static final int CLOCK_MONOTONIC = 1;
    private static final long NS_PER_S = 1_000_000_000L;

    // struct itimerspec: interval (16), then the first expiration
    private static final int ITIMERSPEC_LENGTH = 32;
    private static final int SECONDS_OFFSET = 16;
    private static final int NANOSECONDS_OFFSET = 24;

    private final LinuxCalls calls;
    private final int fd;
    private final MemorySegment times = Arena.ofAuto().allocate(ITIMERSPEC_LENGTH, Long.BYTES);
    private boolean closed;

    private AlarmTimer(LinuxCalls calls, int fd) {
        this.calls = calls;
        this.fd = fd;
    }

    public static AlarmTimer open() throws LinuxException {
        LinuxCalls calls = new LinuxCalls();
        int fd = calls.timerfdCreate(CLOCK_MONOTONIC);
        return new AlarmTimer(calls, LinuxException.check(fd, "timerfd_create"));
    }

    public int fd() {
        return fd;
    }

    /**
     * Once, that long from now; what was armed before is forgotten.
     *
     * @param delayNs more than 0
     */
    public void arm(long delayNs) {
        if (delayNs <= 0) {
            throw new IllegalArgumentException("delay " + delayNs + " ns");
        }
        Memory.putLong(times.address() + SECONDS_OFFSET, delayNs / NS_PER_S);
        Memory.putLong(times.address() + NANOSECONDS_OFFSET, delayNs % NS_PER_S);
        int result = calls.timerfdSettime(fd, times.address());
        assert result == 0 : Errno.name(-result);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close(fd);
        }
    }
}
