package io.spillway.dataplane.observe;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where a packet can be copied for a capture, in the order of its way. */
public enum CapturePoint {
    /** Frames as a port's kernel gave them; packets of the host port. */
    LAN_IN("lan-in", Direction.IN),
    /** Packets whose flow may pass. */
    POST_FIREWALL("post-firewall", Direction.NONE),
    /** Packets that a tunnel is to seal. */
    PRE_SEAL("pre-seal", Direction.OUT),
    /** Datagrams that a WAN link's kernel is given. */
    WAN_OUT("wan-out", Direction.OUT),
    /** Datagrams that it gave. */
    WAN_IN("wan-in", Direction.IN),
    /** Packets that came out of a tunnel's records. */
    POST_OPEN("post-open", Direction.IN),
    /** Frames that a port's kernel is given; packets to the host port. */
    LAN_OUT("lan-out", Direction.OUT),
    /** What died, with its {@link DropReason}. */
    DROP("drop", Direction.NONE);

    /** Whether a packet enters or leaves the appliance there. */
    public enum Direction {
        NONE,
        IN,
        OUT
    }

    /** The points in the order of the way; not copied, never changed. */
    static final CapturePoint[] VALUES = values();

    private final String label;
    private final Direction direction;

    CapturePoint(String label, Direction direction) {
        this.label = label;
        this.direction = direction;
    }

    /** As people write it. */
    public String label() {
        return label;
    }

    public Direction direction() {
        return direction;
    }

    /** In a set of points. */
    public int bit() {
        return 1 << ordinal();
    }

    /**
     * @throws IllegalArgumentException naming those there are
     */
    public static CapturePoint of(String label) {
        return Arrays.stream(VALUES)
                .filter(point -> point.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no point " + label + ", expected one of " + labels()));
    }

    private static String labels() {
        return Arrays.stream(VALUES).map(CapturePoint::label).collect(Collectors.joining(", "));
    }
}
