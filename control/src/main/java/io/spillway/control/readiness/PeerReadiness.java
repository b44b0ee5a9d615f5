package io.spillway.control.readiness;

import java.util.List;

/**
 * One other site in this site's readiness.
 *
 * @param isExpected counts in Y; one that does not is listed with the fault that says why
 * @param faults most urgent first; empty when connected
 */
public record PeerReadiness(
        long siteId, String name, boolean isExpected, boolean isConnected, List<Fault> faults) {
    public PeerReadiness {
        faults = List.copyOf(faults);
    }
}
