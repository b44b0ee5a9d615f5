package io.spillway.node.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.wire.Directory;
import io.spillway.control.wire.SavedState;
import io.spillway.control.wire.SiteEntry;
import io.spillway.crypto.BoxSeal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteMemoryTest {
    private static final long S = 1_000_000_000L;
    private static final long DAY_S = 86_400;
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final PrivateKey KEY = key();

    @TempDir Path directory;

    private final BoxSeal seal = BoxSeal.of(KEY, "berlin", new byte[] {1});
    private SiteMemory memory;
    private String name = "london";
    private long writtenBytes;
    private int writes;

    @BeforeEach
    void open() throws IOException {
        memory = reopen();
    }

    @Test
    void shouldFindAfterARestartWhatWasSaved() throws IOException {
        assertTrue(memory.loaded().isEmpty());
        memory.noteChange(0);

        pollAt(SiteMemory.SETTLE_NS);

        assertEquals(state(), reopen().loaded().orElseThrow());
    }

    @Test
    void shouldTakeTogetherWhatComesTogether() {
        memory.noteChange(0);
        pollAt(SiteMemory.SETTLE_NS - 1);
        assertEquals(0, writes);

        memory.noteChange(SiteMemory.SETTLE_NS - 1);
        pollAt(SiteMemory.SETTLE_NS);

        assertEquals(1, writes);
    }

    /** The first states after a start are not whole; the PoP may be lost right after them. */
    @Test
    void shouldWriteSomeChangesOneAfterAnother() {
        for (int i = 0; i < 10; i++) {
            name = "change " + i;
            memory.noteChange(2 * i * S);
            pollAt(2 * i * S + SiteMemory.SETTLE_NS);
        }
        assertEquals(SiteMemory.OWED_MAX, writes);

        pollAt(SiteMemory.COST_NS + SiteMemory.SETTLE_NS);

        assertEquals(SiteMemory.OWED_MAX + 1, writes);
    }

    @Test
    void shouldLeaveTheDiskAloneWhereNothingChanged() throws IOException {
        for (long at = 0; at < 3600 * S; at += S) {
            memory.noteChange(at);
            pollAt(at);
        }
        assertEquals(1, writes);

        pollAt(3602 * S);

        assertEquals(2, writes); // the time of writing is news, too
        memory = reopen();
        memory.noteChange(0);
        pollAt(SiteMemory.SETTLE_NS);
        assertEquals(2, writes);
    }

    /** X14: flash worn by frequent rule updates. */
    @Test
    void shouldBoundWhatAnAccountThatNeverRestsWritesInADay() {
        for (int length : new int[] {10, 200}) {
            writtenBytes = 0;
            for (long at = 0; at < DAY_S * S; at += S / 2) {
                name = Long.toString(at, 36) + "x".repeat(length);
                memory.noteChange(at);
                pollAt(at);
            }
            assertTrue(
                    writtenBytes < (DAY_S + 3600) * SiteMemory.BYTES_PER_S,
                    writtenBytes + " bytes");
            assertTrue(writes <= 2 * DAY_S * S / SiteMemory.COST_NS, writes + " writes");
            writes = 0;
        }
    }

    @Test
    void shouldSayWhyASavedStateIsNotUsedAndPutItAside() throws IOException {
        memory.noteChange(0);
        pollAt(SiteMemory.SETTLE_NS);
        Path file = directory.resolve(SiteMemory.FILE_NAME);
        Path aside = directory.resolve(SiteMemory.FILE_NAME + ".refused");
        byte[] good = Files.readAllBytes(file);

        Files.write(file, new byte[] {1, 2, 3});
        assertEquals("it is cut short", reopen().refusal());
        assertTrue(Files.exists(aside) && Files.notExists(file));

        Files.write(file, good);
        BoxSeal otherMachine = BoxSeal.of(KEY, "berlin", new byte[] {2});
        SiteMemory copy = SiteMemory.open(directory, otherMachine, 0);
        assertEquals("it is damaged, or of another machine, site or account", copy.refusal());

        Files.write(file, seal.seal(SavedState.getDefaultInstance().toByteArray()));
        assertEquals("time 0", reopen().refusal());

        Files.write(file, seal.seal(new byte[] {(byte) 0xff}));
        assertTrue(reopen().refusal().startsWith("not a saved state: "));
    }

    @Test
    void shouldTryAgainWhereTheDiskRefused() throws IOException {
        Path blocker = directory.resolve(SiteMemory.FILE_NAME + ".new");
        Files.createDirectories(blocker.resolve("in the way"));
        memory.noteChange(0);
        pollAt(SiteMemory.SETTLE_NS);
        assertTrue(Files.notExists(directory.resolve(SiteMemory.FILE_NAME)));

        Files.delete(blocker.resolve("in the way"));
        pollAt(30 * S);
        assertTrue(Files.notExists(directory.resolve(SiteMemory.FILE_NAME)));
        pollAt(SiteMemory.SETTLE_NS + SiteMemory.COST_NS);

        assertEquals(state(), reopen().loaded().orElseThrow());
    }

    private SiteMemory reopen() throws IOException {
        return SiteMemory.open(directory, seal, 0);
    }

    private void pollAt(long nowNs) {
        memory.poll(
                nowNs,
                () -> Optional.of(state()),
                write -> {
                    write.run();
                    writes++;
                    writtenBytes += state().getSerializedSize();
                });
    }

    private SavedState state() {
        SiteEntry site = SiteEntry.newBuilder().setId(2).setName(name).build();
        return SavedState.newBuilder()
                .setSavedMs(NOW_MS)
                .setDirectory(Directory.newBuilder().setGeneration(1).addSites(site))
                .build();
    }

    private static PrivateKey key() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
