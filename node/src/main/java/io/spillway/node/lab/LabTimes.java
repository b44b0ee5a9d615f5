package io.spillway.node.lab;

/**
 * How long the lab looks at each thing, in milliseconds; tests are shorter.
 *
 * @param readyTimeout from the start until every site is ready
 * @param recoveryTimeout from a cut until every site says RECOVERY
 * @param returnTimeout from the PoP's return until every site says CLOUD
 * @param settle from then on, until a cut's loss is counted
 * @param hold in recovery after the burst
 * @param afterReturn in the cloud until the return's loss is counted
 * @param burst of TCP in recovery
 * @param lanCapture of each site's LAN
 */
record LabTimes(
        long readyTimeout,
        long recoveryTimeout,
        long returnTimeout,
        long settle,
        long hold,
        long afterReturn,
        long burst,
        long lanCapture) {
    static final LabTimes DEFAULT =
            new LabTimes(90_000, 10_000, 90_000, 1500, 1000, 2000, 2000, 1000);

    /** For tests of what the lab notices. */
    static final LabTimes SHORT = new LabTimes(90_000, 4000, 60_000, 1200, 0, 500, 500, 500);

    /** For a hundred cuts: each is as long as its measures need. */
    static final LabTimes MANY = new LabTimes(90_000, 10_000, 90_000, 1200, 0, 1000, 500, 1000);

    LabTimes {
        if (settle <= LabChecks.OUTAGE_MAX_MS) {
            throw new IllegalArgumentException(
                    "an outage too long must not end with the look at it");
        }
    }
}
