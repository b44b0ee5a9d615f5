package io.spillway.node;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The daemon's door for the command line: a Unix socket of mode 0600 on which each line is a JSON
 * object {@code {"command":NAME, …}} and is answered by one line, a JSON object. What cannot be
 * answered gets {@code {"error":TEXT}}. A {@link CommandStream} says more, and then hangs up.
 *
 * <p>Each client has a virtual thread, on which the handler runs: handlers are thread safe, read
 * snapshots, post requests and do not wait. Of more clients than {@link #CLIENTS_MAX} the one that
 * has been silent for longest must go.
 */
public final class CommandSocket implements AutoCloseable {

    static final int CLIENTS_MAX = 16;

    /** {@code sun_path} of {@code sockaddr_un} is 108 bytes with its terminating zero. */
    private static final int PATH_LENGTH_MAX = 107;

    private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);

    private final Path path;
    private final Map<String, Function<JsonNode, JsonNode>> handlers;
    private final Map<String, CommandStream> streams;
    private final ServerSocketChannel server;
    private final List<CommandSession> sessions = new ArrayList<>(); // guarded by itself

    private CommandSocket(
            Path path,
            Map<String, Function<JsonNode, JsonNode>> handlers,
            Map<String, CommandStream> streams,
            ServerSocketChannel server) {
        this.path = path;
        this.handlers = Map.copyOf(handlers);
        this.streams = Map.copyOf(streams);
        this.server = server;
    }

    /**
     * Listens until {@link #close}. The directory is made if it is missing. A socket file that
     * nobody listens on any more is replaced.
     *
     * @param handlers by command name: request in, answer (an object) out
     * @throws IOException with a message for the operator, such as that another daemon has it
     */
    public static CommandSocket open(Path path, Map<String, Function<JsonNode, JsonNode>> handlers)
            throws IOException {
        return open(path, handlers, Map.of());
    }

    /**
     * As above.
     *
     * @param streams by command name
     */
    public static CommandSocket open(
            Path path,
            Map<String, Function<JsonNode, JsonNode>> handlers,
            Map<String, CommandStream> streams)
            throws IOException {
        CommandSocket socket = new CommandSocket(path, handlers, streams, bind(path));
        Thread.ofVirtual().name("command-socket").start(socket::accept);
        return socket;
    }

    /**
     * Binds under a name in a private directory first, so that it never exists with other rights.
     */
    private static ServerSocketChannel bind(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        requireShort(path, path);
        Files.createDirectories(parent);
        refuseTaken(path);
        Path nursery = Files.createTempDirectory(parent, ".s");
        Path born = nursery.resolve("s");
        requireShort(born, path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(born));
            Files.setPosixFilePermissions(born, PosixFilePermissions.fromString("rw-------"));
            Files.move(born, path, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException e) {
            server.close();
            Files.deleteIfExists(born);
            throw new IOException(path + ": cannot listen: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(nursery);
        }
    }

    private static void refuseTaken(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(path + ": exists and is not a socket");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException(path + ": in use, another daemon listens on it");
        } catch (ConnectException e) {
            LOG.info("{}: left behind by a daemon that is gone, replaced", path);
        }
    }

    private static void requireShort(Path bound, Path asked) throws IOException {
        if (bound.toString().getBytes(StandardCharsets.UTF_8).length > PATH_LENGTH_MAX) {
            throw new IOException(asked + ": too long a path for a Unix socket");
        }
    }

    private void accept() {
        try {
            while (true) {
                add(new CommandSession(server.accept(), handlers, streams, this::remove));
            }
        } catch (ClosedChannelException e) {
            LOG.debug("{} closed", path);
        } catch (IOException e) {
            LOG.error("{}: accepts no more commands: {}", path, e.getMessage());
        }
    }

    private void add(CommandSession session) {
        synchronized (sessions) {
            if (sessions.size() >= CLIENTS_MAX) {
                long nowNs = System.nanoTime();
                CommandSession idlest =
                        Collections.max(
                                sessions, Comparator.comparingLong(s -> s.silentForNs(nowNs)));
                sessions.remove(idlest);
                idlest.close();
            }
            sessions.add(session);
        }
        Thread.ofVirtual().name("command-client").start(session);
    }

    private void remove(CommandSession session) {
        synchronized (sessions) {
            sessions.remove(session);
        }
    }

    /** Ends all clients and removes the socket file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path); // first: afterwards it could be another daemon's
        server.close();
        synchronized (sessions) {
            sessions.forEach(CommandSession::close);
        }
    }
}
