package io.spillway.routing.bfd;

/** What the caller is to do. Neighbours go by their place in the configuration. */
public sealed interface BfdAction {
    int neighbour();

    /** The bytes are the caller's. */
    record Send(int neighbour, byte[] bytes) implements BfdAction {}

    /**
     * @param diagnostic why it is not up any more; NONE when it is
     * @param isFailure of the path; false also where somebody ended the session on purpose, which
     *     says nothing about the path (RFC 5882 section 4.2)
     */
    record Changed(int neighbour, BfdState state, BfdDiagnostic diagnostic, boolean isFailure)
            implements BfdAction {}
}
