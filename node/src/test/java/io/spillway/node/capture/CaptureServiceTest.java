package io.spillway.node.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.dataplane.agent.DataPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may capture, and when it ends. The data plane has nothing to do. */
@Timeout(30)
class CaptureServiceTest {
    private final DataPlane plane =
            new DataPlane(8, 1, List.of(), List.of(), SystemNanoClock.INSTANCE);
    private final CaptureService service =
            new CaptureService(plane, Map.of(), SystemNanoClock.INSTANCE, null);
    private volatile boolean isTurning = true;
    private final Thread agent = Thread.ofPlatform().daemon().unstarted(this::turn);

    private void turn() {
        while (isTurning) {
            plane.doWork();
            Thread.onSpinWait();
        }
    }

    @BeforeEach
    void start() {
        agent.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        isTurning = false;
        agent.join();
        plane.close();
    }

    @Test
    void shouldSayWhatIsWrongWithARequest() throws IOException {
        assertRefused(
                "{'points':['wan']}",
                "no point wan, expected one of lan-in, post-firewall, pre-seal, wan-out, wan-in,"
                        + " post-open, lan-out, drop");
        assertRefused("{'snapLength':0}", "snapLength: 0, expected 1..262144");
        assertRefused("{'seconds':'x'}", "seconds: \"x\", expected 0..86400");
        assertRefused("{'filter':'prt 53'}", "filter: prt 53: ");
    }

    private void assertRefused(String request, String why) throws IOException {
        RecordingClient client = new RecordingClient();

        service.run(JsonMapper.shared().readTree(request.replace('\'', '"')), client);

        JsonNode answer = client.lines().getFirst();
        assertTrue(answer.path("error").asString().startsWith(why), answer.toString());
        assertTrue(answer.path("isUsage").asBoolean());
    }

    @Test
    void shouldRunOneCaptureAtATime() throws Exception {
        RecordingClient first = new RecordingClient();
        Thread capture = begin(first, "post-firewall");
        RecordingClient second = new RecordingClient();

        service.run(CaptureRequest.json(List.of(), "", 100, 0), second);

        String why = second.lines().getFirst().path("error").asString();
        assertTrue(why.startsWith("a capture is running: post-firewall, since "), why);
        first.leave();
        capture.join();
        assertEquals("the client ended it", first.lines().getLast().path("ended").asString());
        assertEquals(0, first.lines().getLast().path("packets").asInt());
        assertTrue(first.bytes().length > 0);
    }

    @Test
    void shouldGoOnWithTheNextWhenAClientVanishes() throws Exception {
        RecordingClient first = new RecordingClient();
        Thread capture = begin(first, "drop");
        first.vanish();
        capture.join();
        RecordingClient second = new RecordingClient();

        Thread next = begin(second, "drop");
        second.leave();
        next.join();

        assertEquals("the client ended it", second.lines().getLast().path("ended").asString());
    }

    @Test
    void shouldNotGiveKeysWhereNobodyMayHaveThem() throws IOException {
        RecordingClient client = new RecordingClient();

        service.run(CaptureRequest.json(List.of(), "", 100, 1).put("secrets", true), client);

        assertEquals(
                "secrets: nobody may have them here: expected captureSecrets: true in the site's"
                        + " configuration",
                client.lines().getFirst().path("error").asString());
    }

    @Test
    void shouldWriteKeysInFrontOfWhatTheyOpen() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        SessionSecrets secrets =
                new SessionSecrets() {
                    @Override
                    public void begin(String who, Consumer<byte[]> listener) {
                        told.add("begin " + who);
                        listener.accept("CLIENT_RANDOM 00 11\n".getBytes());
                    }

                    @Override
                    public void end(String who) {
                        told.add("end " + who);
                    }
                };
        CaptureService permitted =
                new CaptureService(plane, Map.of(), SystemNanoClock.INSTANCE, secrets);
        RecordingClient client = new RecordingClient();

        permitted.run(
                CaptureRequest.json(List.of("drop"), "", 100, 1).put("secrets", true), client);

        assertEquals(List.of("begin nobody", "end nobody"), told);
        String file = new String(client.bytes(), StandardCharsets.ISO_8859_1);
        assertTrue(file.contains("KSLT\u0014\0\0\0CLIENT_RANDOM 00 11\n"), "as the draft says");
    }

    @Test
    void shouldEndWhenItsTimeIsOver() throws Exception {
        RecordingClient client = new RecordingClient();

        service.run(CaptureRequest.json(List.of("drop"), "", 100, 1), client);

        assertEquals("after 1 s", client.lines().getLast().path("ended").asString());
    }

    private Thread begin(RecordingClient client, String point) throws InterruptedException {
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        service.run(
                                                CaptureRequest.json(List.of(point), "", 100, 0),
                                                client);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                });
        while (client.bytes().length == 0) {
            Thread.sleep(1);
        }
        return thread;
    }
}
