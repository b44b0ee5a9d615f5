package io.spillway.dataplane.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatagramBatchTest {
    private final DatagramBatch batch = new DatagramBatch();

    @BeforeEach
    void start() {
        batch.start(2, 4711);
    }

    @Test
    void shouldTakeEqualDatagramsAndAShorterLast() {
        batch.append(1000);
        batch.append(1000);
        assertTrue(batch.hasRoom(999));
        batch.append(999);

        assertEquals(3, batch.count());
        assertEquals(2999, batch.length());
        assertEquals(1000, batch.segmentLength());
        assertFalse(batch.hasRoom(999));
        assertFalse(batch.hasRoom(1));
    }

    @Test
    void shouldRefuseALongerOneThanTheFirst() {
        batch.append(1000);

        assertFalse(batch.hasRoom(1001));
    }

    @Test
    void shouldNotExceedWhatOneMessageHolds() {
        while (batch.hasRoom(1400)) {
            batch.append(1400);
        }

        assertEquals(46, batch.count());
        assertTrue(batch.length() <= DatagramBatch.LENGTH_MAX);
        assertTrue(batch.length() + 1400 > DatagramBatch.LENGTH_MAX);
    }

    @Test
    void shouldNotExceedTheKernelsCountOfSegments() {
        while (batch.hasRoom(50)) {
            batch.append(50);
        }

        assertEquals(DatagramBatch.DATAGRAMS_MAX, batch.count());
    }

    @Test
    void shouldBeginAgainWhenStarted() {
        batch.append(1000);
        batch.append(10);

        batch.start(1, 42);

        assertEquals(0, batch.count());
        assertEquals(0, batch.length());
        assertEquals(0, batch.nextOffset());
        assertEquals(1, batch.link());
        assertEquals(42, batch.endpointAddress());
        assertTrue(batch.hasRoom(1400));
    }
}
