package io.spillway.node.pop.api;

import com.google.protobuf.InvalidProtocolBufferException;
import io.spillway.control.event.Event;
import io.spillway.control.wire.EventMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.agrona.concurrent.EpochClock;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Events that sites uploaded, each once, numbered in the order they came, in {@code
 * STORE/events.mv}, mode 0600. Kept for {@link #KEPT} from when they came, and no more than {@link
 * #EVENTS_MAX}.
 *
 * <p>The file is H2's MVStore, without the SQL above it: two maps are all that is asked of it, it
 * opens in some milliseconds, and it writes what is new behind what is there, so that a crash loses
 * only what was not yet acknowledged. After an error of the disk it is opened again with the next
 * events.
 *
 * <p>{@link #append} by one thread that may block; all else by any, several at once. Readers see
 * what is on disk.
 */
public final class EventStore implements AutoCloseable {
    static final Duration KEPT = Duration.ofDays(7);
    static final int EVENTS_MAX = 100_000;
    static final String NAME = "events.mv";

    private static final int CACHE_MB = 4;
    private static final int REMOVED_AT_ONCE_MAX = 2_000;
    private static final int HEADER_LENGTH = 2 * Long.BYTES;

    /** Keys of the map of numbers. */
    private static final String STORE = "store";

    private static final String NEXT = "next";

    private record Maps(
            MVStore file,
            MVMap<Long, byte[]> events,
            MVMap<String, Long> ids,
            MVMap<String, Long> numbers) {}

    /**
     * One event.
     *
     * @param siteId by whose certificate it was uploaded
     */
    public record Kept(long number, long siteId, Event event) {}

    /**
     * @param last number of the last event that was looked at
     */
    record Page(List<Kept> events, long last) {}

    private final Path path;
    private final EpochClock clock;
    private final int eventsMax;
    private volatile Maps maps;
    private volatile long onDisk;

    private EventStore(Path path, EpochClock clock, int eventsMax) {
        this.path = path;
        this.clock = clock;
        this.eventsMax = eventsMax;
    }

    /**
     * Opens the store of that directory, or begins one.
     *
     * @param random names it, if it is new
     * @throws IOException naming the file and what is wrong with it
     */
    public static EventStore open(Path directory, EpochClock clock, RandomGenerator random)
            throws IOException {
        return open(directory, clock, random, EVENTS_MAX);
    }

    static EventStore open(Path directory, EpochClock clock, RandomGenerator random, int eventsMax)
            throws IOException {
        Files.createDirectories(directory);
        Path path = directory.resolve(NAME);
        if (Files.notExists(path)) {
            Files.createFile(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        EventStore store = new EventStore(path, clock, eventsMax);
        store.maps = store.openMaps();
        store.maps.numbers().putIfAbsent(STORE, random.nextLong());
        store.maps.numbers().putIfAbsent(NEXT, 1L);
        store.maps.file().commit();
        store.onDisk = store.maps.numbers().get(NEXT) - 1;
        return store;
    }

    /** Which store this is. */
    long id() {
        return maps.numbers().get(STORE);
    }

    /**
     * Keeps those that are new.
     *
     * @throws IOException none of them can be relied on; they may be given again
     */
    public synchronized void append(long siteId, Collection<EventMessage> messages)
            throws IOException {
        try {
            if (maps.file().isClosed()) {
                maps = openMaps();
            }
            messages.forEach(message -> put(siteId, message));
            removeOld();
            maps.file().commit();
            maps.file().sync();
            onDisk = maps.numbers().get(NEXT) - 1;
        } catch (MVStoreException e) {
            maps.file().closeImmediately();
            throw failure(e);
        }
    }

    /**
     * The next events behind that number, oldest first.
     *
     * @param countMax of those wanted
     */
    Page after(long number, Predicate<Kept> wanted, int countMax) {
        long end = onDisk;
        List<Kept> found = new ArrayList<>();
        long last = Math.min(number, end);
        Cursor<Long, byte[]> cursor = maps.events().cursor(last + 1, end, false);
        while (found.size() < countMax && cursor.hasNext()) {
            last = cursor.next();
            Kept kept = decode(last, cursor.getValue());
            if (wanted.test(kept)) {
                found.add(kept);
            }
        }
        return new Page(found, found.size() < countMax ? end : last);
    }

    @Override
    public void close() {
        maps.file().close();
    }

    private Maps openMaps() throws IOException {
        try {
            MVStore file =
                    new MVStore.Builder().fileName(path.toString()).cacheSize(CACHE_MB).open();
            return new Maps(
                    file,
                    file.openMap(
                            "events",
                            new MVMap.Builder<Long, byte[]>()
                                    .keyType(LongDataType.INSTANCE)
                                    .valueType(ByteArrayDataType.INSTANCE)),
                    file.openMap("ids", numbered()),
                    file.openMap("numbers", numbered()));
        } catch (MVStoreException e) {
            throw failure(e);
        }
    }

    private static MVMap.Builder<String, Long> numbered() {
        return new MVMap.Builder<String, Long>()
                .keyType(StringDataType.INSTANCE)
                .valueType(LongDataType.INSTANCE);
    }

    private void put(long siteId, EventMessage message) {
        long number = maps.numbers().get(NEXT);
        if (maps.ids().putIfAbsent(id(siteId, message.getId()), number) == null) {
            maps.events().put(number, encode(siteId, clock.time(), message));
            maps.numbers().put(NEXT, number + 1);
        }
    }

    /** What is over, a part at a time, so that nobody waits long for it. */
    private void removeOld() {
        long limitMs = clock.time() - KEPT.toMillis();
        MVMap<Long, byte[]> events = maps.events();
        for (int i = 0; i < REMOVED_AT_ONCE_MAX && !events.isEmpty(); i++) {
            long first = events.firstKey();
            byte[] value = events.get(first);
            if (receivedMs(value) >= limitMs && events.sizeAsLong() <= eventsMax) {
                return;
            }
            Kept kept = decode(first, value);
            events.remove(first);
            maps.ids().remove(id(kept.siteId(), kept.event().id()));
        }
    }

    /** A site can only speak for itself. */
    private static String id(long siteId, String eventId) {
        return Long.toUnsignedString(siteId) + "/" + eventId;
    }

    private static byte[] encode(long siteId, long receivedMs, EventMessage message) {
        byte[] event = message.toByteArray();
        return ByteBuffer.allocate(HEADER_LENGTH + event.length)
                .putLong(siteId)
                .putLong(receivedMs)
                .put(event)
                .array();
    }

    private static long receivedMs(byte[] value) {
        return ByteBuffer.wrap(value).getLong(Long.BYTES);
    }

    private static Kept decode(long number, byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        long siteId = buffer.getLong();
        buffer.position(HEADER_LENGTH);
        try {
            return new Kept(number, siteId, Event.of(EventMessage.parseFrom(buffer)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("event " + number + " of our own is damaged", e);
        }
    }

    private IOException failure(MVStoreException e) {
        return new IOException(path + ": " + e.getMessage(), e);
    }
}
