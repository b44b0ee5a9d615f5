package io.spillway.bench.tunnel.contender;

import io.spillway.node.lab.NamespaceProcess;
import java.io.IOException;
import java.util.List;

/** No tunnel and no secret: both sites' kernels route from LAN to WAN. */
final class KernelForwarding implements Tunnel {
    private final BenchNetwork network;

    KernelForwarding(BenchNetwork network) {
        this.network = network;
    }

    @Override
    public void startFar() throws IOException {
        network.routeLans();
        for (Side side : Side.values()) {
            String other = side.other().lan() + " via " + side.other().wanAddress();
            network.in(side.site(), "ip route add " + other);
        }
    }

    @Override
    public void startNear() {
        // It runs already.
    }

    @Override
    public void settle() {
        // It forwards as it is.
    }

    @Override
    public List<NamespaceProcess> processes() {
        return List.of();
    }

    @Override
    public String lastWords() {
        return "";
    }

    @Override
    public void close() {
        // The network goes with its namespaces.
    }
}
