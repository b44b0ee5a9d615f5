package io.spillway.bench.scale;

/**
 * What the two starts of one appliance took.
 *
 * @param tunnels to peers, all of which stood at the end of either
 * @param built one that knows nobody, from a PoP
 * @param rebuilt after a SIGKILL, every PoP dead, from saved data
 */
public record StartFigures(int tunnels, Start built, Start rebuilt) {
    /**
     * @param seconds until every peer had heard the appliance under new keys
     * @param cpuSeconds of processor time the appliance used for it
     * @param farCpuSeconds of all far ends together, meanwhile
     */
    public record Start(double seconds, double cpuSeconds, double farCpuSeconds) {
        private String text() {
            return "%8.1f s, %.1f s of processor time (%.1f s at the far ends)"
                    .formatted(seconds, cpuSeconds, farCpuSeconds);
        }
    }

    /** For people. */
    public String text() {
        return """
               tunnels                     %8d
               built by an empty appliance %s
               rebuilt after a restart     %s
               """
                .formatted(tunnels, built.text(), rebuilt.text());
    }
}
