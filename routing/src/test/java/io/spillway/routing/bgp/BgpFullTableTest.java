package io.spillway.routing.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.routing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * From a feeder through us to a sink: /24 networks, eight to a set of attributes. With the full
 * counts a million in 125,000 sets.
 */
class BgpFullTableTest {
    private static final int SETS = Seeds.isLong() ? 125_000 : 2_500;
    private static final int PREFIXES_PER_SET = 8;
    private static final int PREFIXES = SETS * PREFIXES_PER_SET;

    /** With attributes of a path of four, for a million. */
    private static final long HEAP_MAX = 134L << 20;

    private static final int MARKER_AND_HEADER = 19;
    private static final long FEEDER_AS = 65_002;

    private final long[] sentBytes = new long[2];
    private BgpSpeaker speaker;

    @Test
    void shouldPassFullTableOnPackedAndWithdrawIt(TestReporter reporter) {
        byte[][] updates = announcements();
        byte[][] withdrawals = withdrawals();
        speaker =
                new BgpSpeaker(
                        List.of(
                                Neighbours.config(1, 65_001, 2, FEEDER_AS),
                                Neighbours.config(1, 65_001, 3, 65_003)),
                        hop -> "",
                        this::onAction);
        establish(0, FEEDER_AS, 2);
        establish(1, 65_003, 3);
        System.gc();
        long heapBefore = heap();

        double announcedS = feed(updates);
        assertEquals(PREFIXES, speaker.prefixCount());
        assertEquals(SETS, speaker.attributeSetCount());
        assertEquals(PREFIXES, speaker.neighbours().get(1).advertised());
        long messages = speaker.neighbours().get(1).counters().updatesSent;
        assertTrue(messages <= SETS + 2, () -> messages + " messages");
        System.gc();
        long heap = heap() - heapBefore;

        double withdrawnS = feed(withdrawals);
        assertEquals(0, speaker.prefixCount());
        assertEquals(0, speaker.attributeSetCount());
        reporter.publishEntry(
                Map.of(
                        "prefixes", Integer.toString(PREFIXES),
                        "announced, s", Double.toString(announcedS),
                        "withdrawn, s", Double.toString(withdrawnS),
                        "heap, MiB", Long.toString(heap >> 20)));
        assertTrue(heap < HEAP_MAX, () -> "heap " + heap);
    }

    private static long heap() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private double feed(byte[][] messages) {
        long startNs = System.nanoTime();
        for (byte[] message : messages) {
            speaker.onBytes(0, Direction.INCOMING, message, 0, message.length, 0);
            speaker.poll(0);
            speaker.takeChanges(IGNORE, 4096);
        }
        while (speaker.deadlineNs(0) <= 0) {
            speaker.poll(0);
        }
        while (speaker.takeChanges(IGNORE, 4096) > 0) {
            speaker.poll(0);
        }
        return (System.nanoTime() - startNs) / 1e9;
    }

    private static final BgpSpeaker.RouteListener IGNORE = (prefix, paths) -> {};

    private void onAction(BgpAction action) {
        if (action instanceof BgpAction.Send send) {
            sentBytes[send.neighbour()] += send.bytes().length;
        }
    }

    private void establish(int neighbour, long as, int identifier) {
        speaker.start(neighbour, 0);
        speaker.onConnected(neighbour, Direction.INCOMING, 0);
        byte[] open = OpenMessage.encode(as, 0, identifier, true, false);
        byte[] keepAlive = new byte[MARKER_AND_HEADER];
        MessageFramer.putHeader(keepAlive, 0, keepAlive.length, MessageFramer.KEEPALIVE);
        speaker.onBytes(neighbour, Direction.INCOMING, open, 0, open.length, 0);
        speaker.onBytes(neighbour, Direction.INCOMING, keepAlive, 0, keepAlive.length, 0);
    }

    /** In pieces of some messages, as TCP brings them. */
    private static byte[][] announcements() {
        List<byte[]> messages = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            byte[] attributes = {
                0x40,
                1,
                1,
                0,
                0x40,
                2,
                18,
                2,
                4,
                0,
                0,
                (byte) 0xFD,
                (byte) 0xEA,
                0,
                1,
                0,
                7,
                0,
                (byte) (set >> 16),
                (byte) (set >> 8),
                (byte) set,
                0,
                2,
                0,
                9,
                0x40,
                3,
                4,
                (byte) 192,
                0,
                2,
                2
            };
            attributes[17] = 1; // no AS is 0
            messages.add(TestUpdates.update(new byte[0], attributes, nlri(set)));
        }
        return joined(messages, 100);
    }

    private static byte[][] withdrawals() {
        List<byte[]> messages = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            messages.add(TestUpdates.update(nlri(set), new byte[0], new byte[0]));
        }
        return joined(messages, 100);
    }

    private static byte[] nlri(int set) {
        byte[] nlri = new byte[4 * PREFIXES_PER_SET];
        for (int i = 0; i < PREFIXES_PER_SET; i++) {
            int network = (16 << 16) + set * PREFIXES_PER_SET + i;
            nlri[4 * i] = 24;
            nlri[4 * i + 1] = (byte) (network >> 16);
            nlri[4 * i + 2] = (byte) (network >> 8);
            nlri[4 * i + 3] = (byte) network;
        }
        return nlri;
    }

    private static byte[][] joined(List<byte[]> messages, int count) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < messages.size(); from += count) {
            List<byte[]> some = messages.subList(from, Math.min(from + count, messages.size()));
            byte[] piece = new byte[some.stream().mapToInt(message -> message.length).sum()];
            int at = 0;
            for (byte[] message : some) {
                System.arraycopy(message, 0, piece, at, message.length);
                at += message.length;
            }
            pieces.add(piece);
        }
        return pieces.toArray(byte[][]::new);
    }
}
