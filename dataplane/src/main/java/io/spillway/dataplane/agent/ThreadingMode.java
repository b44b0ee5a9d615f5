package io.spillway.dataplane.agent;

/**
 * How the data plane's work is spread over threads. What belongs to the <em>lan agent</em> and to a
 * <em>WAN agent</em> in the rest of this module is one agent's in SHARED. Tests turn the agents of
 * either mode by hand, without a thread ({@link DataPlane#doWork}).
 */
public enum ThreadingMode {
    /** One thread runs packets to completion. */
    SHARED("shared"),

    /**
     * One thread, the lan agent's, has ports, neighbours, flows and routes; each WAN agent's has a
     * socket on every WAN link, and the tunnels whose connection IDs lead there. Port agents, if
     * there are any, have the LAN ports' devices, each one queue of all. Packets cross by rings.
     */
    DEDICATED("dedicated");

    private final String label;

    ThreadingMode(String label) {
        this.label = label;
    }

    /** As configuration and status spell it. */
    public String label() {
        return label;
    }
}
