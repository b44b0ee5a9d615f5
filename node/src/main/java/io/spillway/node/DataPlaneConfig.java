package io.spillway.node;

import io.spillway.dataplane.agent.DataPlane;
import io.spillway.dataplane.agent.Threading;
import io.spillway.dataplane.agent.ThreadingMode;
import java.util.concurrent.TimeUnit;

/**
 * How the packets' way is set up.
 *
 * @param cipher auto, ipsec-mb, openssl or jce
 * @param loop auto, io_uring or epoll
 * @param poolSlots packet buffers made at start
 * @param flows conversations that are remembered
 * @param flowsPerHost of them that a host of the LAN may begin within half a minute, 0 for any
 *     number; null: a quarter of them
 * @param threads auto, shared or dedicated
 * @param portThreads threads of the LAN ports' devices where they are dedicated; 0 for none
 * @param wanThreads threads of the WAN side where they are dedicated
 * @param spinUs how long a thread looks for packets at most before it sleeps; 0 for never
 */
public record DataPlaneConfig(
        String cipher,
        String loop,
        int poolSlots,
        int flows,
        Integer flowsPerHost,
        String threads,
        int portThreads,
        int wanThreads,
        int spinUs) {

    /**
     * What the data plane is to be. {@code auto} is SHARED on every machine: what a hop between two
     * threads costs is measured, what it gains on more cores is not.
     */
    public Threading threading() {
        return isDedicated() ? Threading.dedicated(portThreads, wanThreads) : Threading.SHARED;
    }

    public DataPlane.Sizes sizes() {
        return flowsPerHost == null
                ? new DataPlane.Sizes(poolSlots, flows)
                : new DataPlane.Sizes(poolSlots, flows, flowsPerHost);
    }

    long spinNs() {
        return TimeUnit.MICROSECONDS.toNanos(spinUs);
    }

    private boolean isDedicated() {
        return threads.equals(ThreadingMode.DEDICATED.label());
    }

    /** What must hold between the values and no schema can say. */
    void check(ConfigTree tree) {
        if (!isDedicated()) {
            if (wanThreads > 1) {
                tree.mistake(
                        "dataPlane.wanThreads",
                        wanThreads + ": expected 1, or dataPlane.threads: dedicated");
            }
            if (portThreads > 0) {
                tree.mistake(
                        "dataPlane.portThreads",
                        portThreads + ": expected 0, or dataPlane.threads: dedicated");
            }
            return;
        }
        int slotsMin = DataPlane.poolSlotsMin(threading());
        if (poolSlots < slotsMin) {
            tree.mistake(
                    "dataPlane.poolSlots",
                    poolSlots
                            + ": expected at least "
                            + slotsMin
                            + " for "
                            + portThreads
                            + " port threads and "
                            + wanThreads
                            + " WAN threads");
        }
    }
}
