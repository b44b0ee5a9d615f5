package io.spillway.dataplane.agent;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import io.spillway.dataplane.buffer.ReadyFlag;
import java.util.function.Consumer;

/** What the data-plane thread sleeps in. Both kinds only tell which descriptors became readable. */
public enum EventLoopKind {
    /** Multishot POLL_ADD on io_uring. */
    IO_URING("io_uring") {
        @Override
        WakeableLoop newLoop(Thread owner) {
            var config = new IoUringIoHandlerConfig().setRingSize(RING_SIZE);
            return new WakeableLoop(owner, IoUringIoHandler.newFactory(config));
        }

        @Override
        void register(ManualIoEventLoop loop, int fd, ReadyFlag ready) {
            MultishotPoll poll = new MultishotPoll(fd, ready);
            whenRegistered(loop, poll, poll::start);
        }
    },

    /** Edge-triggered epoll, where io_uring is refused. */
    EPOLL("epoll") {
        @Override
        WakeableLoop newLoop(Thread owner) {
            return new WakeableLoop(owner, EpollIoHandler.newFactory());
        }

        @Override
        void register(ManualIoEventLoop loop, int fd, ReadyFlag ready) {
            EpollIoOps edge = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);
            whenRegistered(
                    loop, new EpollEdge(fd, ready), registration -> registration.submit(edge));
        }
    };

    private static final int RING_SIZE = 256;

    private final String label;

    EventLoopKind(String label) {
        this.label = label;
    }

    /** As configuration and status spell it. */
    public String label() {
        return label;
    }

    /** The kind, and why it is not the better one; the reason is empty when it is. */
    public record Choice(EventLoopKind kind, String reason) {}

    /**
     * @param wanted auto, io_uring or epoll
     * @throws IllegalStateException when the kernel refuses the wanted one, saying why
     */
    public static Choice choose(String wanted) {
        boolean isRingRefused = !IoUring.isAvailable();
        return switch (wanted) {
            case "epoll" -> new Choice(require(EPOLL, Epoll.unavailabilityCause()), "configured");
            case "io_uring" -> new Choice(require(IO_URING, IoUring.unavailabilityCause()), "");
            case "auto" ->
                    isRingRefused
                            ? new Choice(
                                    require(EPOLL, Epoll.unavailabilityCause()),
                                    "io_uring refused: " + causeOf(IoUring.unavailabilityCause()))
                            : new Choice(IO_URING, "");
            default -> throw new IllegalArgumentException("event loop: " + wanted);
        };
    }

    abstract WakeableLoop newLoop(Thread owner);

    /** Raises {@code ready} whenever the descriptor becomes readable. Loop's thread only. */
    abstract void register(ManualIoEventLoop loop, int fd, ReadyFlag ready);

    private static EventLoopKind require(EventLoopKind kind, Throwable refusal) {
        if (refusal != null) {
            throw new IllegalStateException(kind.label + " refused: " + causeOf(refusal));
        }
        return kind;
    }

    private static String causeOf(Throwable refusal) {
        Throwable cause = refusal;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static void whenRegistered(
            ManualIoEventLoop loop, IoHandle handle, Consumer<IoRegistration> action) {
        loop.register(handle)
                .addListener(
                        (Future<IoRegistration> done) -> {
                            if (!done.isSuccess()) {
                                throw new IllegalStateException(
                                        "event loop registration", done.cause());
                            }
                            action.accept(done.getNow());
                        });
        loop.runNow();
    }

    /** io_uring's numbers; Netty keeps its own constants to itself (linux/io_uring.h). */
    private static final class MultishotPoll implements IoUringIoHandle {
        private static final byte POLL_ADD = 6;
        private static final byte ASYNC_CANCEL = 14;
        private static final int NO_FD = -1;
        private static final int POLL_ADD_MULTI = 1;
        private static final int POLLIN = 1;
        private static final int CQE_MORE = 2;

        private final ReadyFlag ready;
        private final IoUringIoOps pollAdd;
        private IoRegistration registration;
        private long pollId;

        MultishotPoll(int fd, ReadyFlag ready) {
            this.ready = ready;
            pollAdd = operation(POLL_ADD, fd, 0, POLL_ADD_MULTI, POLLIN);
        }

        void start(IoRegistration registered) {
            registration = registered;
            pollId = registered.submit(pollAdd);
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IoUringIoEvent completion = (IoUringIoEvent) event;
            if (completion.opcode() != POLL_ADD || !registration.isValid()) {
                return;
            }
            ready.set();
            boolean isArmed = (completion.flags() & CQE_MORE) != 0;
            if (!isArmed) {
                pollId = registration.submit(pollAdd);
            }
        }

        /**
         * The loop ends when all that was asked of the kernel has, and a poll does not by itself.
         */
        @Override
        public void close() {
            registration.submit(operation(ASYNC_CANCEL, NO_FD, pollId, 0, 0));
            registration.cancel();
        }

        private static IoUringIoOps operation(
                byte opcode, int fd, long target, int length, int operationFlags) {
            byte noFlags = 0;
            short none = 0;
            return new IoUringIoOps(
                    opcode,
                    noFlags,
                    none,
                    fd,
                    0L,
                    target,
                    length,
                    operationFlags,
                    0L,
                    none,
                    none,
                    0,
                    0L);
        }
    }

    private record EpollEdge(FileDescriptor fd, ReadyFlag ready) implements EpollIoHandle {
        EpollEdge(int fd, ReadyFlag ready) {
            this(new FileDescriptor(fd), ready);
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            ready.set();
        }

        @Override
        public void close() {}
    }
}
