package io.spillway.bench.scale;

/**
 * What a whole mesh costs one appliance.
 *
 * @param tunnels to peers, all of which stood at the end
 * @param residentKib each: of resident memory, without that of an appliance that has no peers
 * @param heapKib each: of live objects, which is part of it
 * @param idleCpu part of a core while nothing is forwarded
 * @param emptyCpu the same without peers
 * @param idleSeconds for how long that was measured
 * @param keepAlives a second, the appliance's own as the peers heard them
 * @param buildSeconds from the start of an appliance that knows nobody
 * @param rebuildSeconds from the start after a SIGKILL, every PoP dead, from saved data
 * @param rebuildCpuSeconds the appliance used for it
 */
public record ScaleFigures(
        int tunnels,
        double residentKib,
        double heapKib,
        double idleCpu,
        double emptyCpu,
        int idleSeconds,
        double keepAlives,
        double buildSeconds,
        double rebuildSeconds,
        double rebuildCpuSeconds) {
    /** For people. */
    public String text() {
        return """
               tunnels                     %8d
               memory for each             %8.1f KiB resident, of these %.1f KiB live objects
               idle                        %8.2f %% of a core over %d s (without peers %.2f %%)
               keep-alives heard           %8.1f a second
               built by an empty appliance %8.1f s
               rebuilt after a restart     %8.1f s, %.1f s of processor time
               """
                .formatted(
                        tunnels,
                        residentKib,
                        heapKib,
                        100 * idleCpu,
                        idleSeconds,
                        100 * emptyCpu,
                        keepAlives,
                        buildSeconds,
                        rebuildSeconds,
                        rebuildCpuSeconds);
    }
}
