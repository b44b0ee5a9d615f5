package io.spillway.routing.bgp;

/** Who called: two connections with a neighbour may stand at once, until one of them is dropped. */
public enum Direction {
    OUTGOING,
    INCOMING
}
