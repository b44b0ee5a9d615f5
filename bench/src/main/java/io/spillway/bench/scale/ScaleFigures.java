package io.spillway.bench.scale;

/**
 * What a whole mesh costs one appliance.
 *
 * @param residentKib of each tunnel to a peer: resident memory, without that of an appliance that
 *     has no peers
 * @param heapKib each: of live objects, which is part of it
 * @param idleCpu part of a core while nothing is forwarded
 * @param emptyCpu the same without peers
 * @param idleSeconds for how long that was measured
 * @param keepAlives a second, the appliance's own as the peers heard them
 * @param echoes a second, as large as the tunnels, which prove them; the peers answer
 */
public record ScaleFigures(
        double residentKib,
        double heapKib,
        double idleCpu,
        double emptyCpu,
        int idleSeconds,
        double keepAlives,
        double echoes,
        StartFigures starts) {
    /** For people. */
    public String text() {
        return """
               memory for each             %8.1f KiB resident, of these %.1f KiB live objects
               idle                        %8.2f %% of a core over %d s (without peers %.2f %%)
               keep-alives heard           %8.1f a second
               echoes answered             %8.1f a second
               """
                        .formatted(
                                residentKib,
                                heapKib,
                                100 * idleCpu,
                                idleSeconds,
                                100 * emptyCpu,
                                keepAlives,
                                echoes)
                + starts.text();
    }
}
