package io.spillway.tap;

import java.nio.file.Path;

/**
 * Network namespaces belong to threads: what a thread opens afterwards lives in the one it entered.
 */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /**
     * Moves the calling platform thread, and it alone, into the namespace of this file, such as
     * {@code /run/netns/NAME} or {@code /proc/PID/ns/net}. Programs started by this thread follow
     * it.
     *
     * <p>A virtual thread must not call this: it would move its carrier.
     */
    public static void enter(Path file) throws LinuxException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread has no network namespace of its own");
        }
        LinuxCalls calls = new LinuxCalls();
        int fd = LinuxException.check(calls.open(file.toString(), 0), "open " + file);
        try {
            int result = calls.setns(fd, CLONE_NEWNET);
            if (result < 0) {
                throw new LinuxException("setns " + file, -result, whyNotEntered(-result));
            }
        } finally {
            calls.close(fd);
        }
    }

    private static String whyNotEntered(int errno) {
        return switch (errno) {
            case Errno.EINVAL -> "the file is not a network namespace";
            case Errno.EPERM -> "the capability CAP_SYS_ADMIN is missing";
            default -> Errno.describe(errno);
        };
    }
}
