package io.spillway.control.directory;

/** Whether two sites may have tunnels to each other. */
public enum PairScope {
    IN,

    /** Two spokes: they reach each other by the cloud only (R008, F03). */
    TOPOLOGY,

    /** The region's policy keeps them apart (D51). */
    REGION
}
