package io.spillway.node.lab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class TimelineTest {
    private static final String MADRID = "198.51.100.10";
    private static final String BERLIN = "198.51.100.2";
    private static final byte RECORD = 25;
    private static final List<LabSite> SITES = LabSite.first(3);

    @TempDir Path directory;

    @Test
    void shouldTellArrivalsByTheWayTheyCame() {
        Timeline.Ways ways =
                Timeline.Ways.of(
                        List.of(1.0, 2.0, 301.0, 302.0, 303.5), List.of(300.5, 301.5, 303.0));

        assertEquals(List.of(1.0, 2.0), ways.byPop());
        assertEquals(List.of(301.0, 302.0, 303.5), ways.byTunnel());
    }

    @Test
    void shouldNotTakeADeliveryOfLongAgoForALaterArrival() {
        Timeline.Ways ways = Timeline.Ways.of(List.of(150.0), List.of(1.0));

        assertEquals(List.of(150.0), ways.byPop());
    }

    @Test
    void shouldFindWhenASiteSuspects() {
        List<Double> probes = List.of(-150.0, -130.0, -50.0, 50.0, 120.0, 140.0, 160.0);

        assertEquals(120.0, Timeline.burstStart(probes).orElseThrow());
        assertTrue(Timeline.burstStart(List.of(1.0, 101.0)).isEmpty());
    }

    @Test
    void shouldCountInBins() {
        assertArrayEquals(
                new int[] {1, 2},
                window(List.of(-5.0, 0.0, 9.9, 10.0))
                        .bins(List.of(-5.0, 0.0, 9.9, 10.0, -11.0), 10));
    }

    @Test
    void shouldTellProbesFromTheStreamByTheirLength() throws Exception {
        String pop = LabSite.POP_ADDRESS;
        PcapFixture capture = new PcapFixture();
        for (int i = 0; i < 5; i++) {
            capture.udp(10 + i, pop, MADRID, 443, 90, RECORD);
            capture.udp(20 + i, MADRID, BERLIN, 20060, 80, RECORD);
        }
        capture.udp(30, pop, MADRID, 443, 50, RECORD);
        capture.udp(31, pop, MADRID, 443, 180, RECORD);

        Path file = capture.write(directory.resolve("internet.pcap"));
        WireRecords wire = WireRecords.read(file, new Direction(SITES.get(2), SITES.get(0)));

        assertEquals(5, wire.direct().size());
        assertEquals(List.of(30_000L), wire.replies());
    }

    @Test
    void shouldDrawAWellFormedPicture() throws Exception {
        Timeline.Window window = window(List.of(-5.0, 3.0));
        String svg = TimelineSvg.of(new Timeline("madrid > berlin & back", window, window));

        Document document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)));
        assertEquals("svg", document.getDocumentElement().getTagName());
        assertTrue(svg.contains("madrid &gt; berlin &amp; back"));
    }

    private static Timeline.Window window(List<Double> arrivals) {
        return new Timeline.Window(
                "The cut",
                -10,
                10,
                arrivals,
                List.of(),
                List.of(1.0),
                List.of(2.0),
                List.of(new Timeline.Mark(0, "PoP cut off")));
    }
}
