package io.spillway.dataplane.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.PacketBatch;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.header.PacketDecoder;
import io.spillway.dataplane.observe.Counters;
import io.spillway.dataplane.sim.Frames;
import org.junit.jupiter.api.Test;

class CoalescerOrderTest {
    private final PacketPool pool = new PacketPool(8);
    private final PacketBatch batch = new PacketBatch(8);

    @Test
    void shouldNotOvertakeAFragmentOfTheSameFlow() {
        byte[] whole = Frames.dontFragment(Frames.udp("10.1.0.7", "10.2.0.9", 53, new byte[1000]));
        byte[] fragment = Frames.udp("10.1.0.7", "10.2.0.9", 53, new byte[1000]);
        fragment[6] = 0x20; // more fragments
        add(whole);
        add(Frames.withChecksum(fragment));
        add(whole);

        new PacketDecoder(new Drops(new Counters(), pool)).process(batch);
        new Coalescer().process(batch);

        assertEquals(3, batch.size());
    }

    private void add(byte[] bytes) {
        PacketBuffer packet = pool.acquire();
        packet.reset(bytes.length);
        packet.memory().putBytes(packet.offset(), bytes);
        batch.add(packet);
    }
}
