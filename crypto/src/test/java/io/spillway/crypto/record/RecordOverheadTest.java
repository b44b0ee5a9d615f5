package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.record.RecordTraffic.Case;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordOverheadTest {
    static List<Case> openSslCases() {
        return RecordTraffic.cases("openssl");
    }

    @Test
    void shouldCountTheBytesOfD54() {
        assertEquals(66 + 4, RecordOverhead.datagram(RecordSuite.AES_128_GCM, 4, false));
        assertEquals(86 + 4, RecordOverhead.datagram(RecordSuite.AES_256_GCM, 4, true));
        assertEquals(65, RecordOverhead.datagram(RecordSuite.AES_128_GCM, 0, false));
        assertEquals(62, RecordOverhead.datagram(RecordSuite.CHACHA20_POLY1305, 4, false));
        assertEquals(57, RecordOverhead.datagram(RecordSuite.CHACHA20_POLY1305, 0, false));
    }

    @Test
    void shouldLeaveWhatThePathCanCarry() {
        RecordSuite suite = RecordSuite.AES_128_GCM;

        assertEquals(1430, RecordOverhead.plaintextLengthMax(1500, suite, 4, false));
        assertEquals(1410, RecordOverhead.plaintextLengthMax(1500, suite, 4, true));
        assertEquals(16_384, RecordOverhead.plaintextLengthMax(65_535, suite, 4, false));
        assertEquals(0, RecordOverhead.plaintextLengthMax(60, suite, 4, false));
    }

    @ParameterizedTest
    @MethodSource("openSslCases")
    void shouldAgreeWithTheRecordsThatAreSealed(Case which) {
        try (RecordTraffic traffic = which.start()) {
            int pathMtu = 1500;
            int connectionIdLength = which.connectionId().length;
            int length =
                    RecordOverhead.plaintextLengthMax(
                            pathMtu, which.suite(), connectionIdLength, false);

            UnsafeBuffer record = traffic.seal(new byte[length]);

            assertEquals(pathMtu, 20 + 8 + record.capacity());
            assertEquals(
                    RecordOverhead.record(which.suite(), connectionIdLength),
                    traffic.sealer.overhead());
            assertEquals(
                    RecordOverhead.header(which.suite(), connectionIdLength),
                    traffic.sealer.headerLength());
        }
    }
}
