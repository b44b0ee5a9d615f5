package io.spillway.control.readiness;

import java.util.OptionalLong;

/**
 * What full-size echoes say of a tunnel that lives.
 *
 * @param provenNs when one last came back; empty: none did since the tunnel lives
 * @param windowNs for how long that counts
 * @param outcome of those sent since
 * @param losingSinceNs when the first of those that were lost since was sent
 */
public record ProofStatus(
        OptionalLong provenNs, long windowNs, Outcome outcome, long losingSinceNs) {
    /** Of the echoes sent since the last that came back. */
    public enum Outcome {
        /** Nothing was lost yet, or not enough to say what is lost. */
        PENDING,
        /** Small ones come back, large ones do not. */
        LARGE_LOST,
        /** Nothing comes back. */
        ALL_LOST,
        /** No route leads to a network of the peer. */
        NO_ROUTE_THERE,
        /** We have no address to send from, or announce no network that one could come back to. */
        NO_ROUTE_BACK
    }

    /** Of a tunnel that nothing was sent by. */
    public static final ProofStatus NONE =
            new ProofStatus(OptionalLong.empty(), 0, Outcome.PENDING, 0);

    public boolean isProven(long nowNs) {
        return provenNs.isPresent() && nowNs - provenNs.getAsLong() <= windowNs;
    }
}
