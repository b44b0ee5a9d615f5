package io.spillway.bench.scale;

/**
 * What it takes until one PoP has all its sites back.
 *
 * @param firstSeconds from the start of a PoP that knows nobody, until every site was attached and
 *     had been told of all others, and of the end of the state
 * @param returnSeconds the same from the start after a SIGKILL
 * @param attachedSeconds of these, until the last site was attached
 * @param mebibytes of frames to all sites at the return, before TLS
 * @param frames of them
 * @param stallMs the longest that the PoP's control kept a question waiting at the return
 */
public record ReturnFigures(
        int sites,
        int routes,
        double firstSeconds,
        double returnSeconds,
        double attachedSeconds,
        double mebibytes,
        long frames,
        double stallMs) {
    /** For people. */
    public String text() {
        return """
               sites, routes of each       %8d, %d
               first time                  %8.1f s
               return                      %8.1f s, the last site attached after %.1f s
               told to sites               %8.1f MiB in %d frames
               longest wait for control    %8.0f ms
               """
                .formatted(
                        sites,
                        routes,
                        firstSeconds,
                        returnSeconds,
                        attachedSeconds,
                        mebibytes,
                        frames,
                        stallMs);
    }
}
