package io.spillway.dataplane.agent;

import io.spillway.dataplane.observe.CapturePoint;
import io.spillway.dataplane.observe.CaptureRing;

/** A capture of every point whose packets nobody looks at, for as long as it is open. */
final class Drain implements AutoCloseable {
    private static final int ALL = (1 << CapturePoint.values().length) - 1;
    private static final int SNAP_LENGTH = 1 << 16;

    volatile long taken;

    private final CaptureRings rings;
    private final Thread thread = Thread.ofPlatform().daemon().name("drain").unstarted(this::run);
    private volatile boolean isOpen = true;

    Drain(DataPlane plane) {
        rings = plane.newCapture(ALL, SNAP_LENGTH);
        rings.start();
        thread.start();
    }

    private void run() {
        while (isOpen) {
            for (CaptureRing ring : rings.rings()) {
                while (ring.hasNext()) {
                    ring.take((_, _, _) -> {});
                    taken++;
                }
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        isOpen = false;
        rings.stop();
        while (thread.isAlive() || !rings.isStopped()) {
            Thread.yield();
        }
        rings.close();
    }
}
