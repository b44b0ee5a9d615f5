package io.spillway.dataplane.agent;

import java.util.Arrays;

/**
 * How {@link ThreadingMode#DEDICATED} shares out the packet memory: half of the slots to the WAN
 * agents; of the other half all to the lan agent, or three quarters to the port agents.
 */
final class PoolShares {
    /** What lets an agent take a full batch while as much is at another. */
    private static final int SLOTS_MIN = 32;

    private PoolShares() {}

    /** By agent: WAN agents, port agents, the lan agent. */
    static int[] of(Threading threading, int slots) {
        int wans = threading.wanThreads();
        int ports = threading.portThreads();
        int ofWan = slots / 2 / wans;
        int rest = slots - wans * ofWan;
        int ofPort = ports == 0 ? 0 : rest * 3 / 4 / ports;
        int[] shares = new int[wans + ports + 1];
        Arrays.fill(shares, 0, wans, ofWan);
        Arrays.fill(shares, wans, wans + ports, ofPort);
        shares[wans + ports] = rest - ports * ofPort;
        return shares;
    }

    /** With which nobody's share is too small. */
    static int slotsMin(Threading threading) {
        int ofWans = 2 * SLOTS_MIN * threading.wanThreads();
        int ofPorts = (8 * SLOTS_MIN * threading.portThreads() + 2) / 3;
        int ofLan = threading.portThreads() == 0 ? 0 : 8 * SLOTS_MIN;
        return Math.max(ofWans, Math.max(ofPorts, ofLan));
    }
}
