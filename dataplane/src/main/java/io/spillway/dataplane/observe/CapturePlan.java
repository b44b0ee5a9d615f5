package io.spillway.dataplane.observe;

/**
 * What a capture copies, and how the places it copies at are numbered. Immutable.
 *
 * <p>A point has one place for each port or link that it stands at, and numbers follow each other:
 *
 * <pre>
 *   lan-in: ports | post-firewall: from the LAN, from the WAN | pre-seal | wan-out: links |
 *   wan-in: links | post-open | lan-out: ports | drop: frames, packets, datagrams, other
 * </pre>
 *
 * <p>Points that were not chosen have none.
 */
public final class CapturePlan {
    /** The only place of a point that has one. */
    public static final int FIRST = 0;

    /** Place of {@link CapturePoint#POST_FIREWALL}. */
    public static final int FROM_LAN = 0;

    /** Place of {@link CapturePoint#POST_FIREWALL}. */
    public static final int FROM_WAN = 1;

    /** Place of {@link CapturePoint#DROP}: whole frames. */
    public static final int FRAMES = 0;

    /** The same: IP packets. */
    public static final int PACKETS = 1;

    /** The same: datagrams as they came from a WAN link. */
    public static final int DATAGRAMS = 2;

    /** The same: what is neither, such as messages between data planes. */
    public static final int OTHER = 3;

    private static final int NOT_CHOSEN = -1;

    private final int points;
    private final int snapLength;
    private final int[] firstPlaces = new int[CapturePoint.VALUES.length];
    private final int placeCount;

    /**
     * @param points {@link CapturePoint#bit bits} of those that are chosen
     * @param snapLength bytes that are kept of a packet, at least 1
     * @param portCount ports, the host port included
     * @param linkCount links, those without sockets included
     */
    public CapturePlan(int points, int snapLength, int portCount, int linkCount) {
        this.points = points;
        this.snapLength = snapLength;
        int next = 0;
        for (CapturePoint point : CapturePoint.VALUES) {
            boolean isChosen = (points & point.bit()) != 0;
            firstPlaces[point.ordinal()] = isChosen ? next : NOT_CHOSEN;
            next += isChosen ? placeCount(point, portCount, linkCount) : 0;
        }
        placeCount = next;
    }

    private static int placeCount(CapturePoint point, int portCount, int linkCount) {
        return switch (point) {
            case LAN_IN, LAN_OUT -> portCount;
            case WAN_IN, WAN_OUT -> linkCount;
            case PRE_SEAL, POST_OPEN -> 1;
            case POST_FIREWALL -> FROM_WAN + 1;
            case DROP -> OTHER + 1;
        };
    }

    int points() {
        return points;
    }

    public int snapLength() {
        return snapLength;
    }

    /** Of all chosen points. */
    public int placeCount() {
        return placeCount;
    }

    public boolean isChosen(CapturePoint point) {
        return (points & point.bit()) != 0;
    }

    /**
     * Number of a place.
     *
     * @param point that is chosen
     * @param index of its port or link, or one of the constants above
     */
    public int place(CapturePoint point, int index) {
        return firstPlaces[point.ordinal()] + index;
    }
}
