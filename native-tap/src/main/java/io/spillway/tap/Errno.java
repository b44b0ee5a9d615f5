package io.spillway.tap;

/**
 * Linux error numbers (asm-generic, so x86-64 and aarch64 alike) with their names and plain words.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ENOTTY = 25;
    public static final int ENOSPC = 28;
    public static final int EPIPE = 32;
    public static final int EBADFD = 77;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;

    private Errno() {}

    /** {@code "EBUSY"}; an unknown number gives {@code "errno 4711"}. */
    public static String name(int errno) {
        String entry = entry(errno);
        return entry == null ? "errno " + errno : entry.substring(0, entry.indexOf(' '));
    }

    /** What the number means, in plain words; an unknown number gives {@code "unknown error"}. */
    public static String describe(int errno) {
        String entry = entry(errno);
        return entry == null ? "unknown error" : entry.substring(entry.indexOf(' ') + 1);
    }

    /** Name, a space, description; null when unknown. */
    private static String entry(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM operation not permitted";
            case ENOENT -> "ENOENT no such file or directory";
            case EINTR -> "EINTR interrupted by a signal";
            case EIO -> "EIO input/output error, or the device is down";
            case ENXIO -> "ENXIO no such device or address";
            case EBADF -> "EBADF bad file descriptor";
            case EAGAIN -> "EAGAIN nothing to do now, try again";
            case ENOMEM -> "ENOMEM out of memory";
            case EACCES -> "EACCES permission denied";
            case EFAULT -> "EFAULT bad address";
            case EBUSY -> "EBUSY device or resource busy";
            case EEXIST -> "EEXIST exists already";
            case ENODEV -> "ENODEV no such device";
            case EINVAL -> "EINVAL invalid argument";
            case ENFILE -> "ENFILE too many open files in the system";
            case EMFILE -> "EMFILE too many open files in this process";
            case ENOTTY -> "ENOTTY request not known to this device";
            case ENOSPC -> "ENOSPC no space left";
            case EPIPE -> "EPIPE the other end is closed";
            case EBADFD -> "EBADFD file descriptor in bad state, or its device was removed";
            case EMSGSIZE -> "EMSGSIZE message too long";
            case ENOPROTOOPT -> "ENOPROTOOPT option not known to this kernel";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT protocol not supported by this kernel";
            case EOPNOTSUPP -> "EOPNOTSUPP operation not supported";
            case EAFNOSUPPORT -> "EAFNOSUPPORT address family not supported";
            case EADDRINUSE -> "EADDRINUSE address and port in use by another socket";
            case EADDRNOTAVAIL -> "EADDRNOTAVAIL no interface of this machine has the address";
            case ENETDOWN -> "ENETDOWN the interface is down";
            case ENETUNREACH -> "ENETUNREACH no route to the network";
            case ECONNRESET -> "ECONNRESET connection reset by the other end";
            case ENOBUFS -> "ENOBUFS no buffer space left";
            case ETIMEDOUT -> "ETIMEDOUT timed out";
            case ECONNREFUSED -> "ECONNREFUSED connection refused";
            case EHOSTDOWN -> "EHOSTDOWN the host is down";
            case EHOSTUNREACH -> "EHOSTUNREACH no route to the host";
            default -> null;
        };
    }
}
