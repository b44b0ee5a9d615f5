package io.spillway.node.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.node.capture.CaptureRequest;
import io.spillway.node.capture.CaptureService;
import io.spillway.node.capture.RecordingClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A capture of a site that talks, as Wireshark's command line sees it. */
class CaptureSystemTest extends SystemTest {
    private static final int STREAM_MS = 200;

    /** 198.18.0.1, which is nobody's. */
    private static final int NOWHERE = 0xC6120001;

    private static final String[] FIELDS = {
        "frame.interface_name",
        "frame.packet_id",
        "frame.protocols",
        "_ws.malformed",
        "ip.checksum.status",
        "udp.checksum.status",
        "frame.comment"
    };

    private static final String CHECKSUM_BAD = "0";

    /** A line of tshark's. */
    private record Row(
            String place,
            String id,
            String protocols,
            String malformed,
            String ipChecksum,
            String udpChecksum,
            String comment) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            return new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]);
        }
    }

    @Test
    void shouldBeReadAtEveryPoint() throws Exception {
        requireTshark();
        Path file = directory.resolve("all.pcapng");
        Files.write(file, capture(""));

        List<Row> rows = tshark(file);

        assertEquals(
                Set.of(
                        "lan-in site1",
                        "post-firewall from LAN",
                        "post-firewall from WAN",
                        "pre-seal",
                        "wan-out wan1",
                        "wan-in wan1",
                        "post-open",
                        "lan-out site1",
                        "drop packets"),
                rows.stream().map(Row::place).collect(Collectors.toCollection(TreeSet::new)));
        for (Row row : rows) {
            assertEquals("", row.malformed, row::toString);
            assertTrue(!row.ipChecksum.contains(CHECKSUM_BAD), row::toString);
            assertTrue(!row.udpChecksum.contains(CHECKSUM_BAD), row::toString);
        }
        assertFollowed(rows, "lan-in site1", "pre-seal", "wan-out wan1");
        assertFollowed(rows, "wan-in wan1", "post-open", "lan-out site1");
    }

    /** Some packet was seen in all of these places, in that order. */
    private static void assertFollowed(List<Row> rows, String... places) {
        Map<String, List<String>> ways =
                rows.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Row::id,
                                        Collectors.mapping(Row::place, Collectors.toList())));
        boolean isFollowed =
                ways.values().stream()
                        .map(way -> way.stream().filter(List.of(places)::contains).toList())
                        .anyMatch(List.of(places)::equals);
        assertTrue(isFollowed, () -> ways.toString());
    }

    @Test
    void shouldCaptureOnlyWhatIsAskedFor() throws Exception {
        requireTshark();
        Path file = directory.resolve("some.pcapng");
        Files.write(file, capture("udp and dst net 10.2.0.0/16"));

        List<Row> rows = tshark(file);

        assertEquals(
                Set.of("lan-in site1", "post-firewall from LAN", "pre-seal"),
                rows.stream().map(Row::place).collect(Collectors.toSet()));
    }

    @Test
    void shouldBeListedByWireshark() throws Exception {
        requireTshark();
        Path folder = Files.createTempDirectory("extcap");
        try {
            Path script = Path.of(System.getProperty("spillway.home"), "extcap", "spillway");
            Path copy = Files.copy(script, folder.resolve("spillway"));
            for (Path path : List.of(folder, copy)) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }

            String interfaces = output(asNobody(folder, "tshark", "-D"));

            assertTrue(interfaces.contains("spillway (Spillway"), interfaces);
            Files.delete(copy);
        } finally {
            Files.delete(folder);
        }
    }

    /** Wireshark takes no other folder's programs from root. */
    private static ProcessBuilder asNobody(Path extcapFolder, String... command) {
        List<String> all = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().put("WIRESHARK_EXTCAP_DIR", extcapFolder.toString());
        builder.environment().put("HOME", extcapFolder.toString());
        return builder;
    }

    /** Of site 1. */
    private byte[] capture(String filter) throws Exception {
        try (SimWorld world = world(1)) {
            world.withSites(2, SiteOptions.DEFAULT);
            awaitReady(world);
            RecordingClient client = new RecordingClient();
            CaptureService service =
                    new CaptureService(world.site(1).dataPlane, Map.of(), world.clock(), null);
            Thread capture = Thread.ofPlatform().daemon().start(() -> run(service, filter, client));
            while (client.bytes().length == 0) {
                Thread.sleep(1);
            }
            world.stream(1, 2, 10);
            world.stream(2, 1, 10);
            world.streamTo(1, NOWHERE, 10);
            world.run(STREAM_MS);
            client.leave();
            while (capture.isAlive()) {
                world.run(1);
            }
            return client.bytes();
        }
    }

    private static void run(CaptureService service, String filter, RecordingClient client) {
        int snapLength = CaptureRequest.SNAP_LENGTH_MAX;
        try {
            service.run(CaptureRequest.json(List.of(), filter, snapLength, 0), client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Row> tshark(Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", file.toString()));
        command.addAll(List.of("-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"));
        command.addAll(List.of("-T", "fields"));
        for (String field : FIELDS) {
            command.addAll(List.of("-e", field));
        }
        return output(new ProcessBuilder(command)).lines().map(Row::of).toList();
    }

    private static String output(ProcessBuilder command) throws Exception {
        Process process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    private static void requireTshark() throws Exception {
        try {
            Process version =
                    new ProcessBuilder("tshark", "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            Assumptions.assumeTrue(version.waitFor() == 0, "skipped: tshark does not run");
        } catch (IOException e) {
            assertTrue(!"true".equals(System.getenv("CI")), "tshark is not installed");
            Assumptions.abort("skipped: tshark is not installed");
        }
    }
}
