package io.spillway.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.control.readiness.Readiness;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private final Scrape scrape = new Scrape(Labels.of("site", "berlin"));

    @Test
    void shouldWriteOpenMetrics() {
        fill();

        assertEquals(
                """
                # HELP spillway_build What runs here.
                # TYPE spillway_build info
                spillway_build_info{site="berlin",version="1",cipher="jce",loop="epoll"} 1
                # HELP spillway_tunnel_round_trip_seconds Smoothed round trip of probes.
                # TYPE spillway_tunnel_round_trip_seconds gauge
                # UNIT spillway_tunnel_round_trip_seconds seconds
                spillway_tunnel_round_trip_seconds{site="berlin",peer="london"} 1.0E-4
                # HELP spillway_tunnel_sent_bytes Bytes of these packets.
                # TYPE spillway_tunnel_sent_bytes counter
                # UNIT spillway_tunnel_sent_bytes bytes
                spillway_tunnel_sent_bytes_total{site="berlin",peer="london"} 1234567890123456
                # HELP spillway_cloud_up Whether a tunnel to the PoP lives.
                # TYPE spillway_cloud_up gauge
                spillway_cloud_up{site="berlin"} 0
                # EOF
                """,
                Figures.write(Exposition.OPEN_METRICS, scrape));
    }

    @Test
    void shouldWriteTheFormatBeforeIt() {
        fill();

        assertEquals(
                """
                # HELP spillway_build_info What runs here.
                # TYPE spillway_build_info gauge
                spillway_build_info{site="berlin",version="1",cipher="jce",loop="epoll"} 1
                # HELP spillway_tunnel_round_trip_seconds Smoothed round trip of probes.
                # TYPE spillway_tunnel_round_trip_seconds gauge
                spillway_tunnel_round_trip_seconds{site="berlin",peer="london"} 1.0E-4
                # HELP spillway_tunnel_sent_bytes_total Bytes of these packets.
                # TYPE spillway_tunnel_sent_bytes_total counter
                spillway_tunnel_sent_bytes_total{site="berlin",peer="london"} 1234567890123456
                # HELP spillway_cloud_up Whether a tunnel to the PoP lives.
                # TYPE spillway_cloud_up gauge
                spillway_cloud_up{site="berlin"} 0
                """,
                Figures.write(Exposition.TEXT, scrape));
    }

    private void fill() {
        Labels labels = Labels.of("peer", "london");
        scrape.add(Metric.CLOUD_UP, false);
        scrape.add(Metric.TUNNEL_SENT_BYTES_TOTAL, labels, 1_234_567_890_123_456L);
        scrape.add(Metric.TUNNEL_ROUND_TRIP_SECONDS, labels, 0.0001);
        Labels build = Labels.of("version", "1").with("cipher", "jce").with("loop", "epoll");
        scrape.add(Metric.BUILD_INFO, build, 1);
    }

    @Test
    void shouldKeepWhatIsInNamesFromBeingRead() {
        Labels labels = Labels.of("peer", "a\"} 1\nb\\");

        assertEquals("peer=\"a\\\"} 1\\nb\\\\\"", labels.text());
    }

    @Test
    void shouldWriteNothingOfWhatIsNotKnown() {
        assertEquals("# EOF\n", Figures.write(Exposition.OPEN_METRICS, scrape));
        assertEquals("", Figures.write(Exposition.TEXT, scrape));
    }

    @Test
    void shouldTellWhichStateHolds() {
        Readiness disabled = Readiness.disabled(null);
        ReadinessMetrics.OF_LINK.add(scrape, Labels.of("link", "wan1"), disabled);

        Figures told = Figures.of(scrape);

        assertEquals(1, told.value("link_readiness_state{link=\"wan1\",state=\"DISABLED\"}"));
        assertEquals(0, told.value("link_readiness_state{link=\"wan1\",state=\"READY\"}"));
        assertFalse(told.metrics().contains(Metric.LINK_READINESS_EXPECTED_SITES));
    }

    @Test
    void shouldKeepSitesOfOneNameApart() {
        PeerLabels labels = new PeerLabels(Map.of(1L, "berlin", 2L, "berlin", 3L, "", 4L, "rome"));

        assertEquals("berlin (1)", labels.of(1));
        assertEquals("berlin (2)", labels.of(2));
        assertEquals("3", labels.of(3));
        assertEquals("rome", labels.of(4));
        assertEquals("18446744073709551615", labels.of(-1));
    }

    @Test
    void shouldGiveOpenMetricsToWhoAsksForIt() {
        String prometheus =
                "application/openmetrics-text;version=1.0.0;q=0.8,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.1";

        assertEquals(Exposition.OPEN_METRICS, Exposition.accepted(prometheus));
        assertEquals(Exposition.TEXT, Exposition.accepted("*/*"));
        assertEquals(Exposition.TEXT, Exposition.accepted(null));
        assertTrue(Exposition.TEXT.contentType().startsWith("text/plain; version=0.0.4"));
    }
}
