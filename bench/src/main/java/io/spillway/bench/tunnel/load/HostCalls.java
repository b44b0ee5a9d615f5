package io.spillway.bench.tunnel.load;

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
 * The system calls of {@link HostSocket}: one wrapper a call, the result or the negated errno.
 * Owned by one thread.
 */
final class HostCalls {
    private static final MethodHandle SOCKET =
            find("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            find("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CONNECT =
            find("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            find(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SENDMMSG =
            find(
                    "sendmmsg",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle RECVMMSG =
            find(
                    "recvmmsg",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle CLOSE =
            find("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final MemoryLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE_LAYOUT.varHandle(PathElement.groupElement("errno"));
    private static final long NO_TIMEOUT = 0;

    private final MemorySegment state = Arena.ofAuto().allocate(STATE_LAYOUT);

    int socket(int family, int type) {
        try {
            return result((int) SOCKET.invokeExact(state, family, type, 0));
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

    int connect(int fd, long socketAddress, int length) {
        try {
            return result((int) CONNECT.invokeExact(state, fd, socketAddress, length));
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

    int sendmmsg(int fd, long vectorAddress, int count, int flags) {
        try {
            return result((int) SENDMMSG.invokeExact(state, fd, vectorAddress, count, flags));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    int recvmmsg(int fd, long vectorAddress, int count, int flags) {
        try {
            return result(
                    (int) RECVMMSG.invokeExact(state, fd, vectorAddress, count, flags, NO_TIMEOUT));
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

    private int result(int returned) {
        return returned < 0 ? -(int) ERRNO.get(state, 0L) : returned;
    }

    private static Error unexpected(Throwable t) {
        return new AssertionError("a foreign call itself never throws", t);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle find(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }
}
