package io.spillway.tap;

import java.io.IOException;

/**
 * A system call that failed while something was opened or configured. The message names the call,
 * what it was about, the errno and what that means here:
 *
 * <pre>TUNSETIFF tap0: EBUSY (device in use by another process)</pre>
 */
public final class LinuxException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    public LinuxException(String operation, int errno) {
        this(operation, errno, Errno.describe(errno));
    }

    /**
     * {@code meaning} says what the number means in this place, where that is more than in general.
     */
    public LinuxException(String operation, int errno, String meaning) {
        super(operation + ": " + Errno.name(errno) + " (" + meaning + ")");
        this.errno = errno;
    }

    /** Positive, one of {@link Errno}'s constants where known. */
    public int errno() {
        return errno;
    }

    /** Passes a wrapper's result through, or throws when it is a negated errno. */
    static int check(int result, String operation) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(operation, -result);
        }
        return result;
    }
}
