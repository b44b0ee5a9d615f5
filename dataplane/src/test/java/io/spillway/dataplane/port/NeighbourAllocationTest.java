package io.spillway.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.spillway.dataplane.header.GatewayAddress;
import io.spillway.dataplane.header.GatewayAddresses;
import io.spillway.dataplane.header.IcmpErrors;
import io.spillway.dataplane.header.Ipv4Fragmenter;
import io.spillway.dataplane.header.MssClamp;
import io.spillway.dataplane.header.Packets;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The responders, builders and the neighbour table allocate nothing after start. */
class NeighbourAllocationTest implements NeighbourTable.Listener {
    private static final int ROUNDS = 20_000;
    private static final int ATTEMPTS_MAX = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final GatewayAddresses gateway =
            new GatewayAddresses(
                    0x0200_5E10_0001L,
                    0,
                    List.of(
                            GatewayAddress.parse("10.1.0.1/24"),
                            GatewayAddress.parse("fd00:1::1/64")));
    private final NeighbourTable table = new NeighbourTable(64, 32, this);
    private final LanNeighbours neighbours = new LanNeighbours(0, gateway, null, table);
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[1600]);
    private final UnsafeBuffer arp =
            new UnsafeBuffer(
                    Packets.hex("00010800060400010a00000000070a0100070000000000000a010001"));
    private final UnsafeBuffer solicitation =
            new UnsafeBuffer(
                    Packets.icmpv6(
                            255,
                            "fd00:1::7",
                            "ff02::1:ff00:1",
                            Packets.hex("8700000000000000fd000001000000000000000000000001"),
                            Packets.hex("01010a0000000007")));
    private final UnsafeBuffer syn =
            new UnsafeBuffer(Packets.tcpOverIpv4(2, Packets.hex("020405b4"), new byte[0]));
    private final UnsafeBuffer large =
            new UnsafeBuffer(Packets.ipv4(17, 0, "10.1.0.7", "10.2.0.9", new byte[3000]));

    @Test
    void shouldAllocateNothingPerPacket() {
        threads.getCurrentThreadAllocatedBytes();
        long allocated = 1;

        // The first rounds are interpreted, and a recompilation may allocate once more.
        for (int attempt = 0; attempt < ATTEMPTS_MAX && allocated > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            run(ROUNDS);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertEquals(0, allocated);
    }

    private void run(int rounds) {
        for (int i = 0; i < rounds; i++) {
            long nowNs = i * 10_000_000L;
            neighbours.onArp(arp, 0, 28, nowNs, out, 0);
            neighbours.onDiscovery(solicitation, 0, solicitation.capacity(), 7, nowNs, out, 0);
            table.lookup(0, 0, NeighbourTable.ipv4Low(0x0A01_0007), nowNs);
            table.await(0, 1, i, i, nowNs);
            table.poll(nowNs);
            MssClamp.clampIpv4(syn, 0, 1383, true);
            IcmpErrors.timeExceeded(large, 0, large.capacity(), 1, out, 0);
            for (int j = Ipv4Fragmenter.count(large, 0, large.capacity(), 1383) - 1; j >= 0; j--) {
                Ipv4Fragmenter.write(large, 0, 1383, j, out, 0);
            }
        }
    }

    @Override
    public void onRequestDue(int interfaceIndex, long high, long low, long knownMac) {
        neighbours.writeRequest(high, low, knownMac, out, 0);
    }

    @Override
    public void onResolved(int slot, long mac) {}

    @Override
    public void onUnresolved(int slot, boolean hasTimedOut) {}
}
