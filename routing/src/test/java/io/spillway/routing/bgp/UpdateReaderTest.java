package io.spillway.routing.bgp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.routing.fib.IpAddress;
import io.spillway.routing.fib.Prefix;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 7606, case by case: what a fault costs. */
class UpdateReaderTest {
    private static final int[] PATH = {2, 2, 0, 0, 0xFD, 0xEA, 0, 0, 0, 9};
    private static final byte[] NONE = {};
    private static final byte[] ROUTE = TestUpdates.nlri(Prefix.parse("10.1.0.0/16"));

    private final List<String> told = new ArrayList<>();
    private final List<IpAddress> hops = new ArrayList<>();
    private final NeighbourCounters counters = new NeighbourCounters();
    private final UpdateReader.Sink sink =
            new UpdateReader.Sink() {
                @Override
                public void announce(
                        boolean isIpv4, long high, long low, int length, PathAttributes a) {
                    told.add("+" + new Prefix(isIpv4, high, low, length) + " path " + a.asPath());
                    hops.add(new IpAddress(a.isNextHopIpv4, a.nextHopHigh, a.nextHopLow));
                }

                @Override
                public void withdraw(boolean isIpv4, long high, long low, int length) {
                    told.add("-" + new Prefix(isIpv4, high, low, length));
                }

                @Override
                public void endOfRib(boolean isIpv4) {
                    told.add("end " + (isIpv4 ? 4 : 6));
                }
            };
    private final UpdateReader reader =
            new UpdateReader(new AttributeTable(1 << 20, hop -> ""), counters, sink);

    private int asWidth = 4;
    private boolean isExternal = true;

    private SessionTerms terms() {
        long peerAs = isExternal ? 65_002 : 65_001;
        return new SessionTerms(65_001, peerAs, isExternal, asWidth, true, true, 60, 4096, 2);
    }

    private String read(byte[] message) throws BgpException {
        told.clear();
        hops.clear();
        reader.read(message, MessageFramer.HEADER_LENGTH, message.length, terms());
        return String.join(", ", told);
    }

    private String end(byte[] message) {
        return assertThrows(BgpException.class, () -> read(message)).getMessage();
    }

    /** ORIGIN, AS_PATH, NEXT_HOP in order, another attribute behind them. */
    private static byte[] withOther(int flags, int type, int... value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(mandatory(PATH));
        TestUpdates.attribute(out, flags, type, value);
        return TestUpdates.update(NONE, out.toByteArray(), ROUTE);
    }

    private static byte[] mandatory(int... path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TestUpdates.attribute(out, 0x40, 1, 0);
        TestUpdates.attribute(out, 0x40, 2, path);
        TestUpdates.attribute(out, 0x40, 3, 192, 0, 2, 2);
        return out.toByteArray();
    }

    private static byte[] withPath(int... path) {
        return TestUpdates.update(NONE, mandatory(path), ROUTE);
    }

    @Test
    void shouldReadRoutesOfBothFamiliesAndTheEnd() throws BgpException {
        assertEquals("+10.1.0.0/16 path 65002 9", read(withPath(PATH)));
        assertEquals("-10.1.0.0/16", read(TestUpdates.update(ROUTE, NONE, NONE)));
        assertEquals("end 4", read(TestUpdates.update(NONE, NONE, NONE)));
        byte[] end6 = {(byte) 0x80, 15, 3, 0, 2, 1};
        assertEquals("end 6", read(TestUpdates.update(NONE, end6, NONE)));
    }

    @Test
    void shouldTakeTheNextHopOfEachOfTwoFieldsWithRoutes() throws BgpException {
        ByteArrayOutputStream attributes = new ByteArrayOutputStream();
        attributes.writeBytes(mandatory(PATH));
        TestUpdates.attribute(attributes, 0x80, 14, 0, 1, 1, 4, 192, 0, 2, 9, 0, 16, 10, 2);

        String read = read(TestUpdates.update(NONE, attributes.toByteArray(), ROUTE));

        assertEquals("+10.1.0.0/16 path 65002 9, +10.2.0.0/16 path 65002 9", read);
        assertEquals(List.of(IpAddress.parse("192.0.2.2"), IpAddress.parse("192.0.2.9")), hops);
    }

    @Test
    void shouldClearBitsBehindTheLength() throws BgpException {
        byte[] route = {12, 10, (byte) 0xFF};

        assertEquals("-10.240.0.0/12", read(TestUpdates.update(route, NONE, NONE)));
    }

    @Test
    void shouldWithdrawWhatHasFaultyAttributes() throws BgpException {
        String gone = "-10.1.0.0/16";
        assertEquals(gone, read(withPath(2, 2, 0, 0, 0xFD, 0xEA)), "segment too short");
        assertEquals(gone, read(withPath(3, 1, 0, 0, 0xFD, 0xEA)), "confederation");
        assertEquals(gone, read(withPath(2, 0)), "no AS in segment");
        assertEquals(gone, read(withPath(2, 2, 0, 0, 0xFD, 0xEA, 0, 0, 0, 0)), "AS 0");
        assertEquals(gone, read(withPath(2, 1, 0, 0, 0xFD, 0xEB)), "another first AS");
        assertEquals(gone, read(withOther(0x80, 4, 1, 2, 3)), "MED of 3 bytes");
        assertEquals(gone, read(withOther(0xC0, 8, 1, 2, 3)), "community of 3 bytes");
        assertEquals(gone, read(withOther(0xC0, 8)), "no community");
        assertEquals(gone, read(withOther(0xC0, 16, 1, 2, 3, 4)), "extended of 4 bytes");
        assertEquals(gone, read(withOther(0xC0, 32, 1, 2, 3, 4)), "large of 4 bytes");
        assertEquals(gone, read(withOther(0x40, 4, 0, 0, 0, 1)), "flags of MED");
        assertEquals(gone, read(TestUpdates.update(NONE, new byte[] {0x40, 1, 1, 0}, ROUTE)));
        assertEquals(gone, read(TestUpdates.update(NONE, new byte[] {0x40, 1, 9, 0}, ROUTE)));
        assertEquals(gone, read(TestUpdates.update(NONE, new byte[] {0x40, 1}, ROUTE)));
        assertEquals(14, counters.treatedAsWithdrawn);
    }

    @Test
    void shouldLeaveOutFaultyAttributesThatDoNotChooseRoutes() throws BgpException {
        String taken = "+10.1.0.0/16 path 65002 9";
        assertEquals(taken, read(withOther(0x40, 6, 1)), "ATOMIC_AGGREGATE with a value");
        assertEquals(taken, read(withOther(0xC0, 7, 1, 2, 3)), "AGGREGATOR of 3 bytes");
        assertEquals(taken, read(withOther(0x40, 5, 1)), "LOCAL_PREF of another AS");
        assertEquals(taken, read(withOther(0x80, 9, 1)), "ORIGINATOR_ID of another AS");
        assertEquals(taken, read(withOther(0xC0, 17, 2, 1, 0, 0, 0, 7)), "AS4_PATH");
        assertEquals(taken, read(withOther(0x40, 1, 2)), "a second ORIGIN");
        assertEquals(6, counters.attributesDiscarded);
        assertEquals(taken, read(withOther(0x80, 77, 1, 2)), "unknown, not transitive");
    }

    @Test
    void shouldEndSessionWhereRoutesCannotBeKnown() {
        String malformed = "UPDATE message error, malformed attribute list";
        byte[] reach = {(byte) 0x80, 14, 5, 0, 2, 1, 16, 0};
        byte[] unreach = {(byte) 0x80, 15, 3, 0, 2, 1, (byte) 0x80, 15, 3, 0, 2, 1};
        assertEquals(malformed, end(TestUpdates.update(NONE, unreach, NONE)), "twice");
        assertEquals(malformed, end(TestUpdates.update(NONE, new byte[] {0x40, 1, 9, 0}, NONE)));
        assertEquals(
                "UPDATE message error, optional attribute error",
                end(TestUpdates.update(NONE, reach, NONE)));
        assertEquals(
                "UPDATE message error, unrecognized well-known attribute",
                end(withOther(0x40, 77, 1)));
        assertEquals(
                "UPDATE message error, invalid network field",
                end(TestUpdates.update(NONE, mandatory(PATH), new byte[] {33, 10, 1, 0, 0, 0})));
        assertEquals(
                "UPDATE message error, invalid network field",
                end(TestUpdates.update(new byte[] {24, 10, 1}, NONE, NONE)));
        byte[] tooLong = TestUpdates.update(ROUTE, NONE, NONE);
        tooLong[20] = 99;
        assertEquals(malformed, end(tooLong));
    }

    @Test
    void shouldIgnoreLoopsThroughItself() throws BgpException {
        assertEquals("-10.1.0.0/16", read(withPath(2, 2, 0, 0, 0xFD, 0xEA, 0, 0, 0xFD, 0xE9)));
        assertEquals(1, counters.loops);
    }

    @Test
    void shouldMendPathOfNeighbourWithTwoOctets() throws BgpException {
        asWidth = 2;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TestUpdates.attribute(out, 0x40, 1, 0);
        TestUpdates.attribute(out, 0x40, 2, 2, 3, 0xFD, 0xEA, 0x5B, 0xA0, 0x5B, 0xA0);
        TestUpdates.attribute(out, 0x40, 3, 192, 0, 2, 2);
        TestUpdates.attribute(out, 0xC0, 17, 2, 2, 0, 1, 0, 1, 0, 1, 0, 2);

        assertEquals(
                "+10.1.0.0/16 path 65002 65537 65538",
                read(TestUpdates.update(NONE, out.toByteArray(), ROUTE)));
    }

    @Test
    void shouldWantLocalPrefInsideTheAs() throws BgpException {
        isExternal = false;
        assertEquals("-10.1.0.0/16", read(withPath(PATH)));
        assertEquals("+10.1.0.0/16 path 65002 9", read(withOther(0x40, 5, 0, 0, 0, 200)));
    }

    @Test
    void shouldRefuseAttributesThatFindNoRoom() throws BgpException {
        UpdateReader small = new UpdateReader(new AttributeTable(10, hop -> ""), counters, sink);
        byte[] message = withPath(PATH);

        small.read(message, MessageFramer.HEADER_LENGTH, message.length, terms());

        assertEquals("[-10.1.0.0/16]", told.toString());
        assertEquals(1, counters.withoutRoom);
    }
}
