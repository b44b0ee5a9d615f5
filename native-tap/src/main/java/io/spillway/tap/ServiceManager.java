package io.spillway.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Tells the machine's service manager how the daemon is, by the socket that it named
 * (sd_notify(3)). Any thread.
 */
public final class ServiceManager implements AutoCloseable {
    /** The daemon does what it is for. */
    public static final String READY = "READY=1";

    public static final String STOPPING = "STOPPING=1";

    /** It still turns. */
    public static final String ALIVE = "WATCHDOG=1";

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final char ABSTRACT = '@';

    // struct sockaddr_un (unix(7)): family, then the path
    private static final int PATH_OFFSET = 2;
    private static final int PATH_LENGTH_MAX = 107;
    private static final int TEXT_LENGTH_MAX = 64;

    private final LinuxCalls calls;
    private final int fd;
    private final MessageHeader message = new MessageHeader();
    private final MemorySegment name =
            Arena.ofAuto().allocate(PATH_OFFSET + PATH_LENGTH_MAX + 1, Long.BYTES);
    private final MemorySegment text = Arena.ofAuto().allocate(TEXT_LENGTH_MAX, Long.BYTES);
    private final int nameLength;
    private boolean isClosed;

    private ServiceManager(LinuxCalls calls, int fd, byte[] path) {
        this.calls = calls;
        this.fd = fd;
        nameLength = PATH_OFFSET + path.length;
        Memory.putShort(name.address(), AF_UNIX);
        Memory.putBytes(name.address() + PATH_OFFSET, path);
    }

    /**
     * @param path of its socket; with {@code @} before it one without a file
     * @throws LinuxException when no socket can be had, or no such path
     */
    public static ServiceManager connect(String path) throws LinuxException {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > PATH_LENGTH_MAX) {
            throw new LinuxException("service manager's socket " + path, Errno.EINVAL);
        }
        if (bytes[0] == ABSTRACT) {
            bytes[0] = 0;
        }
        LinuxCalls calls = new LinuxCalls();
        int fd = LinuxException.check(calls.socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
        return new ServiceManager(calls, fd, bytes);
    }

    /**
     * @param state a line of ASCII
     * @return whether it was taken; who does not listen now may later
     */
    public synchronized boolean tell(String state) {
        if (isClosed) {
            return false;
        }
        byte[] bytes = state.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
        message.noControl();
        message.wrap(text.address(), bytes.length, name.address(), nameLength);
        return calls.sendmsg(fd, message.address(), 0) == bytes.length;
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            calls.close(fd);
        }
    }
}
