package io.spillway.dataplane.forward;

import static io.spillway.dataplane.sim.Frames.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spillway.dataplane.header.Packets;
import io.spillway.dataplane.observe.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceGuardTest {
    private final ForwardFixture fixture = new ForwardFixture();

    @ParameterizedTest
    @CsvSource({
        "10.2.0.8, true, its own prefix",
        "10.3.0.8, false, another site's",
        "10.1.0.8, false, ours",
        "10.1.0.1, false, our gateway's",
        "10.5.0.8, false, unreachable",
        "10.9.0.8, false, nobody's"
    })
    void shouldLetAPeerSendFromItsOwnPrefixesOnly(String source, boolean passes, String why) {
        assertEquals(passes ? 1 : 0, guard(source, "10.1.0.7", fixture.first), why);
    }

    @Test
    void shouldLetAPopSendFromAnySite() {
        assertEquals(1, guard("10.2.0.8", "10.1.0.7", fixture.pop));
        assertEquals(1, guard("10.3.0.8", "10.1.0.7", fixture.pop));
        assertEquals(1, guard("10.1.0.8", "10.1.0.7", fixture.pop), "for the firewall to judge");
        assertEquals(0, guard("10.1.0.1", "10.1.0.7", fixture.pop), "our gateway");
    }

    /** Its errors come from an address of its own, which is no site's. */
    @Test
    void shouldLetAPopSendIcmpInItsOwnName() {
        byte[] error = Packets.ipv4(1, 0, "100.64.0.1", "10.1.0.7", new byte[36]);

        assertEquals(1, guard(error, fixture.pop));
        assertEquals(0, guard(error, fixture.first));
        assertEquals(0, guard("100.64.0.1", "10.1.0.7", fixture.pop), "UDP");
        byte[] ours = Packets.ipv4(1, 0, "10.1.0.1", "10.1.0.7", new byte[36]);
        assertEquals(0, guard(ours, fixture.pop));
    }

    @Test
    void shouldGuardIpv6Alike() {
        assertEquals(1, guard("fd00:2::8", "fd00:1::7", fixture.first));
        assertEquals(0, guard("fd00:3::8", "fd00:1::7", fixture.first));
    }

    @Test
    void shouldRefuseWhatComesByATunnelThatIsNotPublished() {
        assertEquals(0, guard("10.2.0.8", "10.1.0.7", fixture.tunnel(77, 2)));
    }

    private int guard(String source, String target, Tunnel tunnel) {
        return guard(udp(source, target, 53, new byte[4]), tunnel);
    }

    private int guard(byte[] packet, Tunnel tunnel) {
        long before = fixture.dropped(DropReason.SOURCE_NOT_FROM_PEER);
        fixture.batch.clear();
        fixture.batch.add(fixture.fromTunnel(packet, tunnel));

        fixture.guard.process(fixture.batch);

        int passed = fixture.batch.size();
        assertEquals(1 - passed, fixture.dropped(DropReason.SOURCE_NOT_FROM_PEER) - before);
        assertEquals(passed, fixture.used());
        if (passed > 0) {
            fixture.pool.release(fixture.batch.get(0));
        }
        return passed;
    }
}
