package io.spillway.node.capture;

import io.spillway.dataplane.agent.CaptureRings;
import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.node.CommandStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The daemon's side of {@code spillway capture}: one capture at a time, for whoever may use the
 * command socket. Each leaves two lines in the log. Any thread.
 */
public final class CaptureService implements CommandStream {
    /** How long a capture whose time is over waits for a client that takes nothing. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final String NO_SECRETS =
            "secrets: nobody may have them here: expected captureSecrets: true in the site's"
                    + " configuration";

    private static final Logger LOG = LoggerFactory.getLogger(CaptureService.class);

    private final DataPlane dataPlane;
    private final Map<String, String> devices;
    private final NanoClock clock;
    private final SessionSecrets secrets;

    /** What runs, for people; null: nothing does. */
    private final AtomicReference<String> running = new AtomicReference<>();

    /**
     * @param devices by link, of links whose address may change
     * @param clock what the data plane reads
     * @param secrets null: nobody may have them
     */
    public CaptureService(
            DataPlane dataPlane,
            Map<String, String> devices,
            NanoClock clock,
            SessionSecrets secrets) {
        this.dataPlane = dataPlane;
        this.secrets = secrets;
        this.devices = Map.copyOf(devices);
        this.clock = clock;
    }

    @Override
    public void run(JsonNode asked, Client client) throws IOException {
        CaptureRequest request;
        CapturePlaces places;
        CaptureFilters filters;
        try {
            request = CaptureRequest.of(asked);
            places = new CapturePlaces(dataPlane, request.points(), devices);
            filters = new CaptureFilters(request.filter(), places.all(), request.snapLength());
        } catch (IllegalArgumentException e) {
            client.line(refusal(e.getMessage()).put("isUsage", true));
            return;
        }
        if (request.hasSecrets() && secrets == null) {
            filters.close();
            client.line(refusal(NO_SECRETS));
            return;
        }
        String what = describe(request);
        try (filters) {
            if (!running.compareAndSet(null, what + ", since " + now())) {
                client.line(refusal("a capture is running: " + running.get() + "; end it first"));
                return;
            }
            try {
                client.line(begun(request, places, filters));
                capture(request, places, filters, client, what);
            } finally {
                running.set(null);
            }
        }
    }

    private static ObjectNode refusal(String why) {
        return JsonMapper.shared().createObjectNode().put("error", why);
    }

    private static String describe(CaptureRequest request) {
        String points =
                request.points().stream()
                        .sorted()
                        .map(CapturePoint::label)
                        .collect(Collectors.joining(","));
        return request.filter().isEmpty() ? points : points + " (" + request.filter() + ")";
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static ObjectNode begun(
            CaptureRequest request, CapturePlaces places, CaptureFilters filters) {
        ObjectNode line = JsonMapper.shared().createObjectNode();
        ArrayNode labels = line.putArray("capturing");
        ArrayNode senseless = JsonMapper.shared().createArrayNode();
        for (CapturePlace place : places.all()) {
            labels.add(place.label());
            if (filters.isSenseless(place.form())) {
                senseless.add(place.label());
            }
        }
        line.put("snapLength", request.snapLength());
        if (!senseless.isEmpty()) {
            line.set("filterMatchesNothingAt", senseless);
        }
        return line;
    }

    /** On a platform thread, since it spends its time in native code and waits with the packets. */
    private void capture(
            CaptureRequest request,
            CapturePlaces places,
            CaptureFilters filters,
            Client client,
            String what) {
        CaptureRings rings = dataPlane.newCapture(request.bits(), request.snapLength());
        CaptureSession session =
                new CaptureSession(
                        request,
                        places,
                        filters,
                        rings,
                        client,
                        request.hasSecrets() ? secrets : null,
                        clock,
                        SystemEpochNanoClock.INSTANCE);
        LOG.info("capture of {} started", what);
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("capture")
                        .start(() -> LOG.info("capture of {} ended: {}", what, end(session)));
        try {
            awaitEnd(thread, request.seconds(), client);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String end(CaptureSession session) {
        try {
            return session.run();
        } catch (IOException e) {
            return "the client is gone (" + e.getMessage() + ")";
        }
    }

    private static void awaitEnd(Thread thread, int seconds, Client client)
            throws InterruptedException {
        if (seconds != CaptureRequest.ENDLESS
                && !thread.join(Duration.ofSeconds(seconds).plus(GRACE))) {
            client.close();
        }
        thread.join();
    }
}
