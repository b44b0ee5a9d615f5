package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureOutagesTest {
    private static final List<LabSite> SITES = LabSite.first(3);
    private static final int CLOUD_LENGTH = 266;
    private static final int DIRECT_LENGTH = 262;
    private static final int PROBE_LENGTH = 70;
    private static final long SECOND = 1_000_000;

    @TempDir Path directory;
    private final PcapFixture capture = new PcapFixture();

    @Test
    void shouldFindEveryDirectionsOutage() throws IOException {
        cloud(0, 2 * SECOND);
        probes(2 * SECOND, 3 * SECOND);
        direct(2 * SECOND + 349_000, 4 * SECOND);

        List<CaptureOutages.Outage> outages = outages();

        assertEquals(6, outages.size());
        for (CaptureOutages.Outage outage : outages) {
            assertEquals(350, outage.ms(), 1.5, outage::toString);
        }
    }

    @Test
    void shouldNotTakeAPauseOfTheCaptureForAnOutage() throws IOException {
        cloud(0, 2 * SECOND);
        direct(2 * SECOND + 200_000, 4 * SECOND);
        direct(9 * SECOND, 11 * SECOND);
        cloud(11 * SECOND, 14 * SECOND);
        direct(14 * SECOND + 100_000, 16 * SECOND);

        List<CaptureOutages.Outage> outages = outages();

        assertEquals(12, outages.size());
        assertTrue(outages.stream().allMatch(outage -> outage.ms() < 210), outages::toString);
    }

    @Test
    void shouldFindNothingWhereNobodyRecovers() throws IOException {
        cloud(0, 2 * SECOND);
        probes(2 * SECOND, 4 * SECOND);
        cloud(4 * SECOND, 6 * SECOND);

        assertTrue(outages().isEmpty());
    }

    @Test
    void shouldNotTakeStragglersForAStream() throws IOException {
        cloud(0, 2 * SECOND);
        record(2 * SECOND, SITES.get(0).wanAddress(), SITES.get(1).wanAddress(), DIRECT_LENGTH);
        cloud(2 * SECOND, 5 * SECOND);

        assertTrue(outages().isEmpty());
    }

    private List<CaptureOutages.Outage> outages() throws IOException {
        CaptureOutages outages = new CaptureOutages();
        outages.read(capture.write(directory.resolve("capture.pcap")));
        return outages.outages();
    }

    private void cloud(long from, long to) {
        for (long at = from; at < to; at += 1000) {
            for (LabSite site : SITES) {
                record(at, site.wanAddress(), LabSite.POP_ADDRESS, CLOUD_LENGTH);
                record(at, site.wanAddress(), LabSite.POP_ADDRESS, CLOUD_LENGTH);
                record(at, LabSite.POP_ADDRESS, site.wanAddress(), CLOUD_LENGTH);
                record(at, LabSite.POP_ADDRESS, site.wanAddress(), CLOUD_LENGTH);
            }
            if (at % 100_000 == 0) probe(at);
        }
    }

    private void direct(long from, long to) {
        for (long at = from; at < to; at += 1000) {
            for (Direction direction : Direction.among(SITES)) {
                String source = direction.from().wanAddress();
                record(at, source, direction.to().wanAddress(), DIRECT_LENGTH);
            }
        }
    }

    private void probes(long from, long to) {
        for (long at = from; at < to; at += 100_000) {
            probe(at);
        }
    }

    private void probe(long at) {
        for (Direction direction : Direction.among(SITES)) {
            String source = direction.from().wanAddress();
            record(at, source, direction.to().wanAddress(), PROBE_LENGTH);
        }
    }

    private void record(long micros, String from, String to, int length) {
        capture.udp(micros, from, to, 20060, length, (byte) 25);
    }
}
