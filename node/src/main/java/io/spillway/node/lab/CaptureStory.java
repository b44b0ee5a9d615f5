package io.spillway.node.lab;

import io.spillway.node.capture.CaptureClient;
import io.spillway.node.capture.CaptureFile;
import io.spillway.node.capture.CaptureRequest;
import io.spillway.node.capture.CaptureTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A capture of a running site with the keys of its tunnels: Wireshark's own program reads every
 * point, and the datagrams of the WAN down to what hosts say to each other. Nothing is lost by it,
 * although keys change twice.
 */
final class CaptureStory {
    private static final int SECONDS = 3;

    /** Of the first part of a second the keys are those from before. */
    private static final double OPENED_MIN = 80;

    private static final int SNAP_LENGTH = 65_535;

    private final Stage stage;
    private final NodeProcess site;
    private final Path file;

    CaptureStory(Stage stage) {
        this.stage = stage;
        site = stage.sites().getFirst();
        file = stage.directory().resolve("site.pcapng");
    }

    void tell(ScenarioResult.Builder result)
            throws IOException, InterruptedException, LabException {
        stage.open();
        stage.awaitCalm();
        stage.phase("a capture with keys at " + site.name());
        Map<Direction, Long> mark = stage.mark();
        JsonNode summary = capture();
        result.exactly("lostByTraffic", stage.lostSince(mark), 0, "packets");
        result.exactly("lostByCapture", summary.path("lost").asLong(-1), 0, "packets");
        for (JsonNode place : summary.path("places")) {
            String name = "packets " + place.path("place").asString("");
            result.atLeast(name, place.path("packets").asLong(0), 1, "packets");
        }
        readWithTshark(result, summary.path("packets").asLong(0));
        long told = stage.countEvents(List.of(site), "Capture with keys");
        result.exactly("toldOfKeys", told, 2, "events");
    }

    private JsonNode capture() throws IOException {
        ObjectNode request =
                CaptureRequest.json(List.of(), "", SNAP_LENGTH, SECONDS).put("secrets", true);
        try (CaptureClient client = CaptureClient.ask(site.socket(), request);
                CaptureTarget target = CaptureFile.open(file)) {
            JsonNode begun = client.line();
            if (begun.has("error")) {
                throw new IOException(begun.path("error").asString());
            }
            client.copyTo(target);
            return client.line();
        }
    }

    private void readWithTshark(ScenarioResult.Builder result, long packets) throws IOException {
        stage.phase("tshark reads it");
        result.exactly("read", count("frame"), packets, "packets");
        result.exactly("malformed", count("_ws.malformed"), 0, "packets");
        long sent = count("frame.interface_name contains \"wan-out\" && udp && !stun");
        long opened = count("frame.interface_name contains \"wan-out\" && spillway");
        result.atLeast("opened", 100.0 * opened / sent, OPENED_MIN, "% of datagrams sent");
        result.atLeast("hostsSeenInside", count("spillway && ip.addr == 10.0.0.0/8"), 1, "packets");
    }

    private long count(String filter) throws IOException {
        Path script = Path.of(System.getProperty("spillway.home"), "extcap", "spillway.lua");
        Programs.Outcome outcome =
                Programs.outcome(
                        List.of(
                                "sh",
                                "-c",
                                "tshark -X lua_script:\"$0\" -r \"$1\" -Y \"$2\" 2>/dev/null | wc -l",
                                script.toString(),
                                file.toString(),
                                filter));
        return Long.parseLong(outcome.output().strip());
    }
}
