package io.spillway.node.capture;

import io.spillway.dataplane.observe.CapturePoint;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be captured.
 *
 * @param points at least one
 * @param filter expression of libpcap; empty: everything
 * @param snapLength bytes that are kept of a packet
 * @param seconds how long; {@link #ENDLESS}: until the client goes
 * @param hasSecrets with the keys of sessions that begin meanwhile
 */
public record CaptureRequest(
        Set<CapturePoint> points, String filter, int snapLength, int seconds, boolean hasSecrets) {
    public static final String COMMAND = "capture";
    public static final int SNAP_LENGTH_MAX = 262_144;
    public static final int SECONDS_MAX = 86_400;
    public static final int ENDLESS = 0;

    public CaptureRequest {
        points = Set.copyOf(points);
    }

    /**
     * @throws IllegalArgumentException naming what is wrong and what was expected
     */
    static CaptureRequest of(JsonNode request) {
        Set<CapturePoint> points = EnumSet.noneOf(CapturePoint.class);
        request.path("points").forEach(point -> points.add(CapturePoint.of(point.asString(""))));
        return new CaptureRequest(
                points.isEmpty() ? EnumSet.allOf(CapturePoint.class) : points,
                request.path("filter").asString("").strip(),
                number(request, "snapLength", 1, SNAP_LENGTH_MAX, SNAP_LENGTH_MAX),
                number(request, "seconds", ENDLESS, SECONDS_MAX, ENDLESS),
                request.path("secrets").asBoolean(false));
    }

    private static int number(JsonNode request, String key, int min, int max, int otherwise) {
        JsonNode value = request.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw new IllegalArgumentException(
                    key + ": " + value + ", expected " + min + ".." + max);
        }
        return value.intValue();
    }

    /** As the command socket takes it; labels are looked at there. */
    public static ObjectNode json(List<String> labels, String filter, int snapLength, int seconds) {
        ObjectNode request = JsonMapper.shared().createObjectNode().put("command", COMMAND);
        ArrayNode points = request.putArray("points");
        labels.forEach(points::add);
        return request.put("filter", filter).put("snapLength", snapLength).put("seconds", seconds);
    }

    /** A set of {@link CapturePoint#bit}s. */
    int bits() {
        return points.stream().mapToInt(CapturePoint::bit).sum();
    }
}
