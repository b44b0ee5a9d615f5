package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBuffer;

/** Which port carries which LAN interface (a port and VLAN). Fixed at start, immutable. */
public final class PortRoutes {
    private final int[] portByInterface;
    private final boolean[] isInternetOnly;
    private final int hostPort;

    /**
     * @param portByInterface port index of each LAN interface
     * @param isInternetOnly of each LAN interface, whether other sites are kept from it
     * @param hostPort port index, or {@link PacketBuffer#NONE} without one
     */
    public PortRoutes(int[] portByInterface, boolean[] isInternetOnly, int hostPort) {
        this.portByInterface = portByInterface.clone();
        this.isInternetOnly = isInternetOnly.clone();
        this.hostPort = hostPort;
    }

    /** Where all networks may see other sites. */
    public PortRoutes(int[] portByInterface, int hostPort) {
        this(portByInterface, new boolean[portByInterface.length], hostPort);
    }

    int portOf(int lanInterface) {
        return portByInterface[lanInterface];
    }

    /** False for {@link PacketBuffer#NONE}. */
    boolean isInternetOnly(int lanInterface) {
        return lanInterface != PacketBuffer.NONE && isInternetOnly[lanInterface];
    }

    int hostPort() {
        return hostPort;
    }
}
