package io.spillway.node.site;

import com.google.protobuf.ByteString;
import io.spillway.control.wire.SavedState;
import io.spillway.control.wire.SavedStates;
import io.spillway.control.wire.WireException;
import io.spillway.crypto.BoxSeal;
import io.spillway.node.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The site's saved state on its disk: one sealed file, replaced whole. What cannot be used is put
 * aside and never keeps a site from starting.
 *
 * <p>Flash lasts: a changed state is written at once, but a write is paid for with 30 s or, if that
 * is more, as many seconds as the file has KiB, and only four may be owed for. An unchanged one is
 * written once an hour. That is under 85 MiB a day whatever happens, besides once at each stop, and
 * the file's length an hour when nothing does.
 *
 * <p>Owned by control; files are written by an executor of the caller's.
 */
public final class SiteMemory {
    public static final String FILE_NAME = "saved.state";
    static final long COST_NS = 30_000_000_000L;
    static final int OWED_MAX = 4;
    static final long BYTES_PER_S = 1024;
    static final long REFRESH_NS = 3_600_000_000_000L;

    /** What a PoP says comes in many messages. */
    static final long SETTLE_NS = 1_000_000_000L;

    private static final Runnable NOTHING = () -> {};
    private static final String REFUSED_SUFFIX = ".refused";
    private static final long NS_PER_S = 1_000_000_000L;
    private static final Logger LOG = LoggerFactory.getLogger(SiteMemory.class);

    private final StateFile file;
    private volatile BoxSeal seal;
    private SavedState loaded;
    private String refusal = "";
    private ByteString written = ByteString.EMPTY;
    private boolean isDue;
    private long dueNs;
    private long paidNs;
    private long lastCostNs;
    private long refreshNs;
    private volatile boolean hasFailed;
    private volatile Runnable onResealed = NOTHING;
    private volatile long writtenMs;

    private SiteMemory(StateFile file, BoxSeal seal, long nowNs) {
        this.file = file;
        this.seal = seal;
        paidNs = nowNs;
        refreshNs = nowNs + REFRESH_NS;
    }

    /**
     * Reads the file of {@code directory}, if there is one. Blocks.
     *
     * @throws IOException when the directory cannot be made
     */
    public static SiteMemory open(Path directory, BoxSeal seal, long nowNs) throws IOException {
        SiteMemory memory = new SiteMemory(StateFile.in(directory, FILE_NAME), seal, nowNs);
        memory.load();
        return memory;
    }

    /** What was found at the start. */
    public Optional<SavedState> loaded() {
        return Optional.ofNullable(loaded);
    }

    /** Why what was found at the start is not used; empty when it is, or there was nothing. */
    public String refusal() {
        return refusal;
    }

    /** When what is on the disk was saved, wall clock; 0: nothing is. Any thread. */
    long writtenMs() {
        return writtenMs;
    }

    private void load() {
        try {
            byte[] sealed = file.read();
            if (sealed == null) {
                return;
            }
            loaded = SavedStates.decode(seal.open(sealed));
            written = content(loaded);
            writtenMs = loaded.getSavedMs();
            Instant savedAt = Instant.ofEpochMilli(loaded.getSavedMs());
            LOG.info("saved state of {}: {} sites", savedAt, loaded.getDirectory().getSitesCount());
        } catch (IOException | GeneralSecurityException | WireException e) {
            refusal = e.getMessage();
            LOG.warn("saved state not used: {}: {}", file.path(), refusal);
            putAside();
        }
    }

    private void putAside() {
        Path aside = file.path().resolveSibling(FILE_NAME + REFUSED_SUFFIX);
        try {
            Files.move(file.path(), aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{}: stays where it is: {}", file.path(), e.getMessage());
        }
    }

    /** What is to be saved may have changed. */
    void noteChange(long nowNs) {
        if (!isDue) {
            isDue = true;
            long settledNs = nowNs + SETTLE_NS;
            long affordableNs = paidNs - (OWED_MAX - 1) * lastCostNs;
            dueNs = settledNs - affordableNs > 0 ? settledNs : affordableNs;
        }
    }

    /**
     * The key was renewed: writes anew, soon, what is on the disk, also if nothing else changed.
     *
     * @param onWritten called by the executor for files when the old key is no longer needed
     */
    void reseal(BoxSeal renewed, long nowNs, Runnable onWritten) {
        seal = renewed;
        onResealed = onWritten;
        written = ByteString.EMPTY;
        noteChange(nowNs);
    }

    /** Writes by {@code files} what {@code state} gives, if it is time to. */
    void poll(long nowNs, Supplier<Optional<SavedState>> state, Executor files) {
        boolean isOld = hasFailed || nowNs - refreshNs >= 0;
        boolean isRefresh = isOld && nowNs - paidNs >= 0;
        boolean isSettled = isDue && nowNs - dueNs >= 0;
        if (isRefresh || isSettled) {
            isDue = false;
            state.get().ifPresent(it -> save(it, isRefresh, nowNs, files));
        }
    }

    /** The daemon ends: what waits is written now. */
    void flush(long nowNs, Supplier<Optional<SavedState>> state, Executor files) {
        if (isDue) {
            dueNs = nowNs;
            poll(nowNs, state, files);
        }
    }

    private void save(SavedState state, boolean isRefresh, long nowNs, Executor files) {
        ByteString content = content(state);
        if (content.equals(written) && !isRefresh) {
            return;
        }
        written = content;
        refreshNs = nowNs + REFRESH_NS;
        long bytesNs = content.size() * NS_PER_S / BYTES_PER_S;
        lastCostNs = Math.max(COST_NS, bytesNs);
        paidNs = (nowNs - paidNs > 0 ? nowNs : paidNs) + lastCostNs;
        files.execute(() -> write(state));
    }

    private void write(SavedState state) {
        try {
            file.write(seal.seal(state.toByteArray()));
            writtenMs = state.getSavedMs();
            hasFailed = false;
            onResealed.run();
            onResealed = NOTHING;
        } catch (IOException e) {
            if (!hasFailed) {
                LOG.error("state is not saved: {}: {}", file.path(), e.toString());
            }
            hasFailed = true;
        }
    }

    /** Without the time of writing. */
    private static ByteString content(SavedState state) {
        return state.toBuilder().clearSavedMs().build().toByteString();
    }
}
