package io.spillway.node.capture;

import io.spillway.dataplane.agent.CaptureRings;
import io.spillway.dataplane.observe.CaptureEntry;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.CaptureRing;
import io.spillway.dataplane.observe.PcapngWriter;
import io.spillway.node.CommandStream;
import io.spillway.node.NodeVersion;
import io.spillway.tap.EndpointAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One capture from its first to its last byte, on a thread of its own: while it is behind, or its
 * client is, rings fill, and what finds no room there is lost and counted.
 */
final class CaptureSession implements CaptureRing.Reader {
    /** How long an agent may be on its way from reading the clock to committing a copy. */
    private static final long SETTLE_NS = 5_000_000;

    private static final long IDLE_NS = 5_000_000;

    /** For agents to hear that it is over. */
    private static final long STOP_MAX_NS = 1_000_000_000;

    private static final int CHUNK_LENGTH = 512 << 10;

    private final CaptureRequest request;
    private final List<CapturePlace> places;
    private final CaptureFilters filters;
    private final CaptureRings rings;
    private final CaptureOrder order;
    private final CaptureNotes notes;
    private final CaptureTally tally;
    private final CommandStream.Client client;
    private final SessionSecrets secrets; // null: none are wanted
    private final Queue<byte[]> keys = new ConcurrentLinkedQueue<>();
    private final NanoClock clock;
    private final long epochOffsetNs;
    private final long settleNs;
    private final PcapngWriter writer = new PcapngWriter(CHUNK_LENGTH);
    private final UnsafeBuffer remote =
            new UnsafeBuffer(ByteBuffer.allocateDirect(EndpointAddress.LENGTH));
    private int packetsInChunk;
    private boolean hasKeys;

    /**
     * @param secrets null: none are wanted
     * @param clock what the agents read
     */
    CaptureSession(
            CaptureRequest request,
            CapturePlaces places,
            CaptureFilters filters,
            CaptureRings rings,
            CommandStream.Client client,
            SessionSecrets secrets,
            NanoClock clock,
            EpochNanoClock epochClock) {
        this.request = request;
        this.places = places.all();
        this.filters = filters;
        this.rings = rings;
        this.client = client;
        this.secrets = secrets;
        this.clock = clock;
        order = new CaptureOrder(rings.rings());
        notes = new CaptureNotes(places);
        tally = new CaptureTally(this.places);
        epochOffsetNs = epochClock.nanoTime() - clock.nanoTime();
        settleNs = rings.rings().size() == 1 ? 0 : SETTLE_NS; // one agent's copies are in order
    }

    /**
     * Returns when it is over, for people: why.
     *
     * @throws IOException when the client is gone; rings are given back all the same
     */
    String run() throws IOException {
        try {
            begin();
            String why = capture();
            stop();
            drainKeys();
            drain(clock.nanoTime() + SETTLE_NS);
            tally.describe(writer, rings, clock.nanoTime() + epochOffsetNs);
            flush();
            client.endChunks();
            client.line(tally.answer(why, rings));
            return why;
        } finally {
            stop();
            rings.close();
            endSecrets();
        }
    }

    private void begin() throws IOException {
        String filter = request.filter().isEmpty() ? null : request.filter();
        writer.section(NodeVersion.TEXT);
        for (CapturePlace place : places) {
            boolean isDatagram = place.form() == CapturePlace.Form.DATAGRAM;
            int headers = isDatagram ? DatagramHeader.LENGTH_MAX : 0;
            PcapngWriter.Interface described =
                    new PcapngWriter.Interface(place.form().linkType(), place.label());
            writer.describe(described, request.snapLength() + headers, filter);
        }
        flush();
    }

    private String capture() throws IOException {
        long startNs = clock.nanoTime();
        if (!rings.start()) {
            return "the data plane is busy, try again";
        }
        if (secrets != null) {
            hasKeys = true;
            secrets.begin(client.who(), keys::add);
        }
        while (true) {
            long untilNs = clock.nanoTime() - settleNs;
            drainKeys(); // of all packets until then
            int taken = drain(untilNs);
            flush();
            if (client.isLeaving()) {
                return "the client ended it";
            }
            if (request.seconds() != CaptureRequest.ENDLESS
                    && clock.nanoTime() - startNs >= request.seconds() * 1_000_000_000L) {
                return "after " + request.seconds() + " s";
            }
            if (taken == 0) {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
    }

    /** One that does not hear of it ended with its thread. */
    private void stop() {
        long startNs = clock.nanoTime();
        boolean isTold = false;
        while (!rings.isStopped() && clock.nanoTime() - startNs < STOP_MAX_NS) {
            isTold = isTold || rings.stop();
            LockSupport.parkNanos(IDLE_NS);
        }
    }

    private void drainKeys() throws IOException {
        for (byte[] line = keys.poll(); line != null; line = keys.poll()) {
            if (!writer.hasRoom()) {
                flush();
            }
            writer.secrets(line);
        }
    }

    private void endSecrets() {
        if (hasKeys) {
            secrets.end(client.who());
        }
    }

    /** Everything that is not younger; returns how many. */
    private int drain(long untilNs) throws IOException {
        int taken = 0;
        while (order.hasNext(untilNs)) {
            if (!writer.hasRoom()) {
                flush();
            }
            order.take(this);
            taken++;
        }
        return taken;
    }

    private void flush() throws IOException {
        if (!writer.isEmpty()) {
            client.chunk(writer.written(), packetsInChunk);
            writer.clear();
            packetsInChunk = 0;
        }
    }

    @Override
    public void onEntry(MutableDirectBuffer memory, int entry, int kept) {
        int number = CaptureEntry.place(memory, entry);
        CapturePlace place = places.get(number);
        long epochNs = CaptureEntry.timeNs(memory, entry) + epochOffsetNs;
        long id = CaptureEntry.id(memory, entry);
        byte[] note = notes.of(memory, entry);
        int length = CaptureEntry.packetLength(memory, entry);
        int headers = complete(memory, entry, place, kept, length);
        int offset = entry + CaptureEntry.LENGTH - headers;
        int captured = headers + kept;
        long address = memory.addressOffset() + offset;
        if (!filters.matches(place.form(), address, captured, headers + length)) {
            tally.filterOut(number);
            return;
        }
        writer.packet(number, epochNs, memory, offset, captured, headers + length);
        writer.endPacket(place.point().direction(), id, note);
        tally.write(number);
        packetsInChunk++;
    }

    /** Makes of a copy what a wire would have shown; returns bytes of headers put in front. */
    private int complete(
            MutableDirectBuffer memory, int entry, CapturePlace place, int kept, int length) {
        int bytes = entry + CaptureEntry.LENGTH;
        if (place.form() == CapturePlace.Form.DATAGRAM) {
            return writeHeader(memory, entry, place, kept, length);
        }
        int start = CaptureEntry.checksumStart(memory, entry);
        if (start != CaptureEntry.NONE && kept == length) {
            boolean isFrame = place.form() == CapturePlace.Form.FRAME;
            PartialChecksum.complete(memory, bytes, length, isFrame, start);
        }
        return 0;
    }

    private int writeHeader(
            MutableDirectBuffer memory, int entry, CapturePlace place, int kept, int length) {
        int bytes = entry + CaptureEntry.LENGTH;
        UnsafeBuffer local = place.locals()[CaptureEntry.link(memory, entry)];
        int endpoint = CaptureEntry.endpoint(entry); // overwritten by what is made of it
        remote.putBytes(0, memory, endpoint, EndpointAddress.LENGTH);
        boolean isOut = place.point() == CapturePoint.WAN_OUT;
        return DatagramHeader.write(
                memory, bytes, kept, length, isOut ? local : remote, isOut ? remote : local);
    }
}
