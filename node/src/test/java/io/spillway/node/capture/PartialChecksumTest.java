package io.spillway.node.capture;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.header.Checksum;
import io.spillway.dataplane.header.EthernetHeader;
import io.spillway.dataplane.header.Ipv4Header;
import io.spillway.dataplane.header.TransportChecksum;
import io.spillway.dataplane.header.UdpHeader;
import io.spillway.dataplane.observe.CaptureEntry;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PartialChecksumTest {
    private static final int PACKET = EthernetHeader.LENGTH;
    private static final int UDP = PACKET + Ipv4Header.LENGTH_MIN;
    private static final int UDP_LENGTH = UdpHeader.LENGTH + 31;
    private static final int LENGTH = UDP + UDP_LENGTH;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[LENGTH]);

    /** A host's UDP packet in its frame: the checksum field holds the pseudo-header's sum. */
    PartialChecksumTest() {
        frame.setMemory(UDP, UDP_LENGTH, (byte) 0x5A);
        EthernetHeader.write(frame, 0, 1, 2, 0, EthernetHeader.ETHER_TYPE_IPV4);
        Ipv4Header.write(
                frame, PACKET, 0, LENGTH - PACKET, UdpHeader.PROTOCOL, 0x0A010007, 0x0A020007);
        frame.putShort(UDP + UdpHeader.LENGTH_OFFSET, (short) UDP_LENGTH, BIG_ENDIAN);
        frame.putShort(UDP + UdpHeader.CHECKSUM_OFFSET, (short) partial(), BIG_ENDIAN);
    }

    private int partial() {
        return Checksum.ofPseudoIpv4(frame, PACKET, UdpHeader.PROTOCOL, UDP_LENGTH);
    }

    @Test
    void shouldCompleteWhatTheKernelNamed() {
        PartialChecksum.complete(frame, 0, LENGTH, true, UDP);

        assertComplete();
    }

    @Test
    void shouldFindTransportHeaderOfPacketByItself() {
        PartialChecksum.complete(frame, PACKET, LENGTH - PACKET, false, CaptureEntry.OF_TRANSPORT);

        assertComplete();
    }

    /** Of what is encapsulated, say. */
    @Test
    void shouldLeaveOtherChecksumsAlone() {
        PartialChecksum.complete(frame, 0, LENGTH, true, UDP + UdpHeader.LENGTH);

        assertEquals(partial(), UdpHeader.checksum(frame, UDP));
    }

    @Test
    void shouldLeaveWhatIsNoPacketAlone() {
        frame.putByte(PACKET, (byte) 0x55);

        PartialChecksum.complete(frame, 0, LENGTH, true, UDP);
        PartialChecksum.complete(frame, 0, 3, true, CaptureEntry.OF_TRANSPORT);

        assertEquals(partial(), UdpHeader.checksum(frame, UDP));
    }

    private void assertComplete() {
        assertTrue(
                TransportChecksum.isValidIpv4(frame, PACKET, UDP, UDP_LENGTH, UdpHeader.PROTOCOL));
    }
}
