package io.spillway.crypto.record;

import static io.spillway.crypto.record.RecordHeader.ALERT;
import static io.spillway.crypto.record.RecordHeader.APPLICATION_DATA;
import static io.spillway.crypto.record.RecordHeader.HANDSHAKE;
import static io.spillway.crypto.record.RecordHeader.TLS12_CID;
import static io.spillway.crypto.record.RecordTraffic.CONNECTION_ID;
import static io.spillway.crypto.record.RecordTraffic.NO_CONNECTION_ID;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spillway.crypto.RecordSuite;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordOpenerTest {
    private final RecordTraffic plain =
            RecordTraffic.openSsl(RecordSuite.AES_128_GCM, NO_CONNECTION_ID);
    private final RecordTraffic withId =
            RecordTraffic.openSsl(RecordSuite.AES_128_GCM, CONNECTION_ID);
    private final byte[] data = RecordTraffic.pattern(100, 9);

    @AfterEach
    void close() {
        plain.close();
        withId.close();
    }

    @Test
    void shouldDropReplayedRecord() {
        UnsafeBuffer record = withId.seal(data);
        byte[] sealed = RecordTraffic.copyOf(record, 0, record.capacity());
        withId.open(record);

        int again = withId.open(RecordTraffic.offHeap(sealed));

        assertEquals(RecordOpener.OPEN_REPLAYED, again);
        assertEquals(sealed.length, withId.opener.recordLength());
    }

    @Test
    void shouldCheckForReplayBeforeItDecrypts() {
        UnsafeBuffer record = withId.seal(data);
        byte[] forged = RecordTraffic.copyOf(record, 0, record.capacity());
        forged[forged.length - 1] ^= 1;
        withId.open(record);
        UnsafeBuffer again = RecordTraffic.offHeap(forged);

        int result = withId.open(again);

        assertEquals(RecordOpener.OPEN_REPLAYED, result);
        assertArrayEquals(forged, RecordTraffic.copyOf(again, 0, forged.length));
    }

    @Test
    void shouldOpenReorderedRecordsOnceUntilTheyAreTooOld() {
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < ReplayWindow.LENGTH + 1; i++) {
            UnsafeBuffer record = plain.seal(data);
            records.add(RecordTraffic.copyOf(record, 0, record.capacity()));
        }

        int newest = plain.open(RecordTraffic.offHeap(records.getLast()));
        int oldestKnown = plain.open(RecordTraffic.offHeap(records.get(1)));
        int tooOld = plain.open(RecordTraffic.offHeap(records.get(0)));

        assertEquals(100, newest);
        assertEquals(100, oldestKnown);
        assertEquals(RecordOpener.OPEN_REPLAYED, tooOld);
    }

    @Test
    void shouldRefuseOtherEpochs() throws Exception {
        ReferenceRecord reference = new ReferenceRecord(plain);
        for (int epoch : new int[] {0, 2, 0xffff}) {
            byte[] sealed = reference.seal(APPLICATION_DATA, epoch, 70_000, data, 1);

            int result = plain.open(RecordTraffic.offHeap(sealed));

            assertEquals(RecordOpener.OPEN_WRONG_EPOCH, result);
            assertEquals(sealed.length, plain.opener.recordLength());
        }
    }

    @Test
    void shouldRefuseOtherVersions() {
        UnsafeBuffer record = plain.seal(data);
        record.putByte(2, (byte) 0xff);

        assertEquals(RecordOpener.OPEN_WRONG_VERSION, plain.open(record));
    }

    @Test
    void shouldRefuseOtherConnectionIds() {
        UnsafeBuffer record = withId.seal(data);
        record.putByte(RecordHeader.CONNECTION_ID_OFFSET + 3, (byte) 8);

        assertEquals(RecordOpener.OPEN_WRONG_CONNECTION_ID, withId.open(record));
    }

    @Test
    void shouldRefuseAPlainRecordWhereAConnectionIdWasAgreedOn() {
        UnsafeBuffer record = plain.seal(data);

        assertEquals(RecordOpener.OPEN_WRONG_TYPE, withId.open(record));
        assertEquals(record.capacity(), withId.opener.recordLength());
    }

    @Test
    void shouldRefuseAConnectionIdWhereNoneWasAgreedOn() {
        UnsafeBuffer record = withId.seal(data);

        assertEquals(RecordOpener.OPEN_WRONG_TYPE, plain.open(record));
        assertEquals(0, plain.opener.recordLength());
    }

    @Test
    void shouldLeavePlainHandshakeAndAlertRecordsToTheHandshake() throws Exception {
        for (int type : new int[] {RecordHeader.CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE}) {
            byte[] sealed = new ReferenceRecord(plain).seal(type, 1, 0, data, 0);

            assertEquals(RecordOpener.OPEN_WRONG_TYPE, plain.open(RecordTraffic.offHeap(sealed)));
        }
    }

    @Test
    void shouldTellTheTypeOfAnAlertUnderAConnectionId() {
        byte[] closeNotify = {1, 0};
        UnsafeBuffer source = RecordTraffic.offHeap(3);
        source.putBytes(0, closeNotify);
        UnsafeBuffer record = RecordTraffic.offHeap(100);
        int length = withId.sealer.seal(ALERT, source, 0, 2, record, 0);

        int result = withId.open(record, 0, length);

        assertEquals(RecordOpener.OPEN_NOT_APPLICATION_DATA, result);
        assertEquals(ALERT, withId.opener.contentType());
        assertArrayEquals(closeNotify, withId.opened(record));
    }

    @Test
    void shouldStripThePaddingOfAnInnerPlaintext() throws Exception {
        for (int padding : new int[] {1, 15, 300}) {
            byte[] inner = ReferenceRecord.inner(data, APPLICATION_DATA, padding);
            UnsafeBuffer record =
                    RecordTraffic.offHeap(
                            new ReferenceRecord(withId)
                                    .seal(TLS12_CID, 1, 70_000 + padding, inner, padding));

            int result = withId.open(record);

            assertEquals(data.length, result);
            assertArrayEquals(data, withId.opened(record));
        }
    }

    @Test
    void shouldNotTakeAnInnerPlaintextOfZerosForData() throws Exception {
        byte[] zeros = new byte[40];
        byte[] sealed = new ReferenceRecord(withId).seal(TLS12_CID, 1, 5, zeros, 5);

        int result = withId.open(RecordTraffic.offHeap(sealed));

        assertEquals(RecordOpener.OPEN_NOT_APPLICATION_DATA, result);
        assertEquals(0, withId.opener.contentType());
        assertEquals(0, withId.opener.contentLength());
    }

    @Test
    void shouldRefuseEveryTruncation() {
        for (RecordTraffic traffic : new RecordTraffic[] {plain, withId}) {
            UnsafeBuffer record = traffic.seal(data);
            for (int length = 0; length < record.capacity(); length++) {
                UnsafeBuffer truncated = RecordTraffic.offHeap(length);
                truncated.putBytes(0, record, 0, length);

                assertEquals(RecordOpener.OPEN_SHORT, traffic.open(truncated), "length " + length);
                assertEquals(0, traffic.opener.recordLength());
            }
        }
    }

    @Test
    void shouldRefuseContentTooShortForItsTagOrTooLong() {
        int[] lengths = {0, 1, 8, 16, 23, 24, 16_384 + 2049, 65_535};
        for (int contentLength : lengths) {
            UnsafeBuffer record = RecordTraffic.offHeap(17 + contentLength);
            ConnectionId id = new ConnectionId(CONNECTION_ID);
            long address = record.addressOffset();
            RecordHeader.encode(address, TLS12_CID, (1L << 48) + 9, id, contentLength);

            assertEquals(RecordOpener.OPEN_BAD_LENGTH, withId.open(record));
            assertEquals(17 + contentLength, withId.opener.recordLength());
        }
    }

    @Test
    void shouldForgetNothingWhenAForgeryClaimsAHighSequenceNumber() {
        UnsafeBuffer honest = plain.seal(data);
        UnsafeBuffer forged = plain.seal(data);
        forged.putLong(3, (1L << 48) + (1L << 40), BIG_ENDIAN);

        int refused = plain.open(forged);
        int opened = plain.open(honest);

        assertEquals(RecordOpener.OPEN_BAD_TAG, refused);
        assertEquals(data.length, opened);
    }

    @Test
    void shouldRefuseABufferInAnArray() {
        UnsafeBuffer array = new UnsafeBuffer(new byte[200]);

        assertThrows(IllegalArgumentException.class, () -> plain.opener.open(array, 0, 200));
    }
}
