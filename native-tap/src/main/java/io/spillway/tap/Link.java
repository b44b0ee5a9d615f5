package io.spillway.tap;

/**
 * An interface as the kernel last announced it.
 *
 * @param isUp whether it is switched on.
 * @param hasCarrier whether its other end answers (cable, peer, bridge with a port).
 * @param bridgeIndex interface it is a port of, or 0.
 */
public record Link(
        int index, String name, boolean isUp, boolean hasCarrier, int mtu, int bridgeIndex) {
    /** Whether packets can leave. */
    public boolean isUsable() {
        return isUp && hasCarrier;
    }
}
