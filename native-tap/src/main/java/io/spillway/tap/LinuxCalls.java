package io.spillway.tap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls this module makes, one wrapper each. Every wrapper returns what the call
 * returned, or the negated errno; none throws and none allocates once compiled.
 *
 * <p>Not thread safe: an instance holds the place where errno is captured, so each device owns one.
 *
 * <p>Plain downcalls, not {@code critical} ones: the gain is 5 ns on calls of 200 ns and more, and
 * a critical call that blocks would hold up the garbage collector.
 */
final class LinuxCalls {
    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor MESSAGE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final FunctionDescriptor OPTION =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);

    private static final MethodHandle READ = find("read", TRANSFER);
    private static final MethodHandle WRITE = find("write", TRANSFER);
    private static final MethodHandle WRITEV =
            find("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SENDMSG = find("sendmsg", MESSAGE);
    private static final MethodHandle RECVMSG = find("recvmsg", MESSAGE);
    private static final MethodHandle OPEN =
            find(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL =
            find(
                    "ioctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SOCKET =
            find("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            find("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKNAME =
            find("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SETSOCKOPT = find("setsockopt", OPTION);
    private static final MethodHandle GETSOCKOPT =
            find(
                    "getsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle MMAP =
            find(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            find("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SETNS =
            find("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SETPRIORITY =
            find("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle NANOSLEEP =
            find("nanosleep", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle TIMERFD_CREATE =
            find("timerfd_create", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle TIMERFD_SETTIME =
            find(
                    "timerfd_settime",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

    /** For calls that the C library has no wrapper for, of three arguments. */
    private static final MethodHandle SYSCALL =
            find(
                    "syscall",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT),
                    Linker.Option.firstVariadicArg(1));

    private static final MethodHandle CLOSE =
            find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final MemoryLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE_LAYOUT.varHandle(PathElement.groupElement("errno"));

    /** Automatic arena: freed with this object, and no session to lock on every call. */
    private final MemorySegment state = Arena.ofAuto().allocate(STATE_LAYOUT);

    int read(int fd, long address, long length) {
        try {
            return result((long) READ.invokeExact(state, fd, address, length));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int write(int fd, long address, long length) {
        try {
            return result((long) WRITE.invokeExact(state, fd, address, length));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int writev(int fd, long vectorsAddress, int count) {
        try {
            return result((long) WRITEV.invokeExact(state, fd, vectorsAddress, count));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int sendmsg(int fd, long messageAddress, int flags) {
        try {
            return result((long) SENDMSG.invokeExact(state, fd, messageAddress, flags));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int recvmsg(int fd, long messageAddress, int flags) {
        try {
            return result((long) RECVMSG.invokeExact(state, fd, messageAddress, flags));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Opens with O_CLOEXEC added, so that no program we start inherits the descriptor. */
    int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            long pathAddress = arena.allocateFrom(path).address();
            return result((int) OPEN.invokeExact(state, pathAddress, flags | O_CLOEXEC));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** {@code argument} is an address or a value, as the request wants it. */
    int ioctl(int fd, long request, long argument) {
        try {
            return result((int) IOCTL.invokeExact(state, fd, request, argument));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Non-blocking and closed on exec, always. */
    int socket(int family, int type, int protocol) {
        try {
            int flags = type | O_NONBLOCK | O_CLOEXEC;
            return result((int) SOCKET.invokeExact(state, family, flags, protocol));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int bind(int fd, long socketAddress, int length) {
        try {
            return result((int) BIND.invokeExact(state, fd, socketAddress, length));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int getsockname(int fd, long socketAddress, long lengthAddress) {
        try {
            return result((int) GETSOCKNAME.invokeExact(state, fd, socketAddress, lengthAddress));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int setsockopt(int fd, int level, int name, long address, int length) {
        try {
            return result((int) SETSOCKOPT.invokeExact(state, fd, level, name, address, length));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int getsockopt(int fd, int level, int name, long address, long lengthAddress) {
        try {
            return result(
                    (int) GETSOCKOPT.invokeExact(state, fd, level, name, address, lengthAddress));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Maps the descriptor's memory, shared and writable; its address, or the negated errno. */
    long mmap(int fd, long length) {
        try {
            long address =
                    (long) MMAP.invokeExact(state, 0L, length, PROT_READ_WRITE, MAP_SHARED, fd, 0L);
            return address == MAP_FAILED ? result(address) : address;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int munmap(long address, long length) {
        try {
            return result((int) MUNMAP.invokeExact(state, address, length));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int setpriority(int which, int who, int priority) {
        try {
            return result((int) SETPRIORITY.invokeExact(state, which, who, priority));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int schedSetattr(int thread, long attributesAddress) {
        try {
            return result(
                    (long) SYSCALL.invokeExact(state, SCHED_SETATTR, thread, attributesAddress, 0));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int setns(int fd, int kind) {
        try {
            return result((int) SETNS.invokeExact(state, fd, kind));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int nanosleep(long timeAddress) {
        try {
            return result((int) NANOSLEEP.invokeExact(state, timeAddress, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Non-blocking and closed on exec, always. */
    int timerfdCreate(int clock) {
        try {
            int flags = O_NONBLOCK | O_CLOEXEC;
            return result((int) TIMERFD_CREATE.invokeExact(state, clock, flags));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** From now on, not at a point in time. */
    int timerfdSettime(int fd, long timesAddress) {
        try {
            return result((int) TIMERFD_SETTIME.invokeExact(state, fd, 0, timesAddress, 0L));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int close(int fd) {
        try {
            return result((int) CLOSE.invokeExact(state, fd));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static final int O_RDWR = 2;
    static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;

    private static final long NO_SUCH_CALL = -1;

    /** Number of the call (asm/unistd.h); elsewhere the kernel answers ENOSYS. */
    private static final long SCHED_SETATTR =
            switch (System.getProperty("os.arch")) {
                case "amd64" -> 314;
                case "aarch64", "riscv64" -> 274;
                default -> NO_SUCH_CALL;
            };

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;

    private int result(long returned) {
        return returned < 0 ? -(int) ERRNO.get(state, 0L) : (int) returned;
    }

    private static Error unexpected(Throwable t) {
        return new AssertionError("a foreign call itself never throws", t);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle find(
            String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(more, 0, options, 1, more.length);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }
}
