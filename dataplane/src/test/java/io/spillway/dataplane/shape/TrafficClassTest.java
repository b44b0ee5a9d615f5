package io.spillway.dataplane.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.sim.Frames;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a packet's bytes say of its place: its class, and its flow. */
class TrafficClassTest {
    private final ShapeFixture fixture = new ShapeFixture(20_000_000, 8, 530);

    @ParameterizedTest
    @CsvSource({
        "46, PRIORITY",
        "48, PRIORITY",
        "56, PRIORITY",
        "40, PRIORITY",
        "44, PRIORITY",
        "0, DEFAULT",
        "10, DEFAULT",
        "34, DEFAULT",
        "63, DEFAULT",
        "8, BULK",
        "1, BULK"
    })
    void shouldFollowTheDscp(int dscp, TrafficClass expected) {
        byte[] six = Packets.ipv6(17, 64, "fd00:1::7", "fd00:2::9", new byte[8]);
        six[0] |= (byte) (dscp >> 2);
        six[1] |= (byte) (dscp << 6 | 3 << 4); // ECN does not count

        assertEquals(expected, TrafficClass.of(fixture.udp(1, dscp << 2 | 3, 20)));
        assertEquals(expected, TrafficClass.of(buffer(six, 6)));
        assertEquals(TrafficClass.DEFAULT, TrafficClass.of(buffer(six, 0)));
    }

    @Test
    void shouldTellFlowsApartAndKeepEachTogether() {
        Set<Integer> queues = new HashSet<>();
        for (int flow = 0; flow < 256; flow++) {
            int hash = FlowHash.of(fixture.udp(flow, 0, 10), 1);
            assertEquals(hash, FlowHash.of(fixture.udp(flow, 4, 99), 1));
            queues.add(hash & 255);
        }
        assertEquals(256 * (1 - 1 / Math.E), queues.size(), 25);
        assertNotEquals(
                FlowHash.of(fixture.udp(1, 0, 10), 1), FlowHash.of(fixture.udp(1, 0, 10), 2));
    }

    @Test
    void shouldKeepFragmentsOfAPacketTogether() {
        byte[] first = Frames.udp("10.1.0.7", "10.2.0.9", 53, new byte[64]);
        first[6] = 0x20;
        byte[] second = first.clone();
        second[7] = 8;
        second[20] ^= 0x55;

        assertEquals(FlowHash.of(buffer(first, 4), 1), FlowHash.of(buffer(second, 4), 1));
    }

    private PacketBuffer buffer(byte[] bytes, int ipVersion) {
        PacketBuffer packet = fixture.pool.acquire();
        packet.reset(bytes.length);
        packet.memory().putBytes(packet.offset(), bytes);
        packet.ipVersion = ipVersion;
        return packet;
    }
}
