package io.spillway.crypto.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ChangeCipherSpecGateTest {
    private static final byte[] CHANGE = record(20, 0, new byte[] {1});
    private static final byte[] FINISHED = record(22, 1, new byte[40]);

    private final ChangeCipherSpecGate gate = new ChangeCipherSpecGate();

    @Test
    void shouldHoldChangeCipherSpecUntilCertificateVerify() {
        assertEquals(0, gate.deliverable(CHANGE));
        assertEquals(FINISHED.length, gate.deliverable(FINISHED));

        byte[] verify = record(22, 0, verify(80, 0, 80));
        assertEquals(verify.length, gate.deliverable(verify));

        assertEquals(CHANGE.length, gate.deliverable(CHANGE));
    }

    @Test
    void shouldCutDatagramBeforeChangeCipherSpec() {
        byte[] first = record(22, 0, new byte[30]);

        assertEquals(first.length, gate.deliverable(join(first, CHANGE, FINISHED)));
    }

    @Test
    void shouldPassWholeFlightInOneDatagram() {
        byte[] flight = join(record(22, 0, verify(80, 0, 80)), CHANGE, FINISHED);

        assertEquals(flight.length, gate.deliverable(flight));
    }

    @Test
    void shouldWaitForEveryFragment() {
        gate.deliverable(record(22, 0, verify(80, 50, 30)));
        assertEquals(0, gate.deliverable(CHANGE));
        gate.deliverable(record(22, 0, verify(80, 0, 40)));
        assertEquals(0, gate.deliverable(CHANGE));
        gate.deliverable(record(22, 0, verify(80, 30, 20)));

        assertEquals(CHANGE.length, gate.deliverable(CHANGE));
    }

    private static byte[] verify(int length, int from, int count) {
        return ByteBuffer.allocate(12 + count)
                .putInt(0, 15 << 24 | length)
                .putInt(8, count)
                .putInt(5, from)
                .array();
    }

    private static byte[] record(int type, int epoch, byte[] content) {
        return ByteBuffer.allocate(13 + content.length)
                .put((byte) type)
                .putShort((short) 0xFEFD)
                .putShort((short) epoch)
                .put(new byte[6])
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
