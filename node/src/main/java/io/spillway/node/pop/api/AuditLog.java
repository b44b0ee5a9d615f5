package io.spillway.node.pop.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who did what from where, and what came of it: one JSON object a line, in {@code STORE/audit.log},
 * mode 0600. What is full goes to {@code audit.log.1}, in place of what was there.
 *
 * <p>Thread safe, also between processes, since a line is one append. On disk when a method
 * returns.
 */
public final class AuditLog {
    static final String NAME = "audit.log";

    private static final String FULL = NAME + ".1";
    private static final long LENGTH_MAX = 8 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final InstantSource clock;

    public AuditLog(Path store, InstantSource clock) {
        this.file = store.resolve(NAME);
        this.clock = clock;
    }

    /**
     * One thing that somebody did.
     *
     * @param who a user of this machine, or a key's name
     * @param from an address, or "command"
     * @param before what was; null: nothing
     * @param after what is; null: nothing
     */
    public record Entry(
            String who, String from, String action, String before, String after, String result) {}

    public synchronized void note(Entry entry) throws IOException {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", clock.instant().toString())
                .put("who", entry.who())
                .put("from", entry.from())
                .put("action", entry.action());
        if (entry.before() != null) {
            line.put("before", entry.before());
        }
        if (entry.after() != null) {
            line.put("after", entry.after());
        }
        append(line.put("result", entry.result()) + "\n");
    }

    private void append(String line) throws IOException {
        Files.createDirectories(file.getParent());
        if (Files.exists(file) && Files.size(file) >= LENGTH_MAX) {
            Files.move(
                    file,
                    file.resolveSibling(FULL),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        try (var channel =
                Files.newByteChannel(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.APPEND,
                                StandardOpenOption.DSYNC),
                        MODE)) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
