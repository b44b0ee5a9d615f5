package io.spillway.dataplane.wan;

import io.spillway.dataplane.buffer.ReadyFlag;
import io.spillway.tap.DatagramDevice;

/**
 * A local WAN interface: its UDP socket, and what was learnt about what its kernel side takes.
 *
 * <p>Owned by a WAN agent.
 */
public final class WanLink {
    /** How long a link goes without UDP_SEGMENT after the kernel refused it. */
    static final long SEGMENTATION_RETRY_NS = 60_000_000_000L;

    private final int index;
    private final String name;
    private final DatagramDevice device;
    private final ReadyFlag ready;
    private boolean isSegmentationRefused;
    private long segmentationRetryNs;

    public WanLink(int index, String name, DatagramDevice device) {
        this(index, name, device, new ReadyFlag());
    }

    /**
     * @param ready raised by the device itself
     */
    public WanLink(int index, String name, DatagramDevice device, ReadyFlag ready) {
        this.index = index;
        this.name = name;
        this.device = device;
        this.ready = ready;
    }

    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    public DatagramDevice device() {
        return device;
    }

    public ReadyFlag ready() {
        return ready;
    }

    boolean maySegment(long nowNs) {
        if (isSegmentationRefused && nowNs - segmentationRetryNs >= 0) {
            isSegmentationRefused = false;
        }
        return !isSegmentationRefused;
    }

    void onSegmentationRefused(long nowNs) {
        isSegmentationRefused = true;
        segmentationRetryNs = nowNs + SEGMENTATION_RETRY_NS;
    }
}
