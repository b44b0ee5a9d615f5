package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.PacketBuffer;

/** Which port carries which LAN interface (a port and VLAN). Fixed at start, immutable. */
public final class PortRoutes {
    private final int[] portByInterface;
    private final int hostPort;

    /**
     * @param portByInterface port index of each LAN interface
     * @param hostPort port index, or {@link PacketBuffer#NONE} without one
     */
    public PortRoutes(int[] portByInterface, int hostPort) {
        this.portByInterface = portByInterface.clone();
        this.hostPort = hostPort;
    }

    int portOf(int lanInterface) {
        return portByInterface[lanInterface];
    }

    int hostPort() {
        return hostPort;
    }
}
