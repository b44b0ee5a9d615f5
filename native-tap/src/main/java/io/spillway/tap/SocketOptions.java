package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sets and reads the options of one socket; every failure names option and socket. */
final class SocketOptions {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_RAW = 3;

    // include/uapi/asm-generic/socket.h
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_REUSEPORT = 15;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_RXQ_OVFL = 40;
    static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    private final LinuxCalls calls;
    private final int fd;
    private final String subject;

    /** {@code subject}: what the socket is for, as it appears in messages. */
    SocketOptions(LinuxCalls calls, int fd, String subject) {
        this.calls = calls;
        this.fd = fd;
        this.subject = subject;
    }

    void set(int level, int option, int value, String name) throws LinuxException {
        LinuxException.check(trySet(level, option, value), name + " " + subject);
    }

    /** A value of {@code length} bytes at {@code address}. */
    void set(int level, int option, long address, int length, String name) throws LinuxException {
        int result = calls.setsockopt(fd, level, option, address, length);
        LinuxException.check(result, name + " " + subject);
    }

    /** 0 or -errno. */
    int trySet(int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(Integer.BYTES, Integer.BYTES).address();
            Memory.putInt(address, value);
            return calls.setsockopt(fd, level, option, address, Integer.BYTES);
        }
    }

    void bindToDevice(String device) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(device);
            int length = (int) name.byteSize();
            LinuxException.check(
                    calls.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name.address(), length),
                    "SO_BINDTODEVICE " + device);
        }
    }

    /**
     * Asks for a buffer above the system's limit, which needs a right, and without it for what the
     * limit allows.
     *
     * @return bytes granted. The kernel counts its own bookkeeping in and reports twice the wanted
     *     size; this is half of its answer, so comparable to what was asked for.
     */
    int setBuffer(int force, int plain, int length, String name) throws LinuxException {
        if (trySet(SOL_SOCKET, force, length) < 0) {
            set(SOL_SOCKET, plain, length, name);
        }
        return get(SOL_SOCKET, plain, name) / 2;
    }

    private int get(int level, int option, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(2 * Integer.BYTES, Integer.BYTES).address();
            long lengthAddress = address + Integer.BYTES;
            Memory.putInt(lengthAddress, Integer.BYTES);
            int result = calls.getsockopt(fd, level, option, address, lengthAddress);
            LinuxException.check(result, name + " " + subject);
            return Memory.getInt(address);
        }
    }
}
