package io.spillway.node.lab;

import io.spillway.tap.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Acts like a PoP by the kernel's own forwarding between VXLAN tunnels, without any encryption:
 * proves the lab's machinery without the product. Dead or stopped, it neither forwards nor answers
 * the sites.
 */
final class KernelPop implements LabNode {
    static final int ECHO_PORT = 7007;

    private final LabNetwork network;
    private volatile boolean isServing;
    private volatile DatagramSocket socket;

    KernelPop(LabNetwork network) {
        this.network = network;
    }

    @Override
    public String name() {
        return LabSite.POP_NAME;
    }

    /** The first start also makes the tunnels. */
    @Override
    public void start() throws IOException {
        if (socket == null) {
            network.in(LabSite.POP_NAMESPACE, "sysctl -qw net.ipv6.conf.default.accept_dad=0");
            for (LabSite site : network.sites()) {
                addTunnel(site);
            }
            Thread.ofPlatform().daemon().name("kernel-pop").start(this::echo);
        }
        forward(1);
        isServing = true;
    }

    private void addTunnel(LabSite site) throws IOException {
        String device = "to-" + site.name();
        KernelTunnel.add(
                network,
                LabSite.POP_NAMESPACE,
                device,
                site.id(),
                LabSite.POP_ADDRESS,
                site.wanAddress());
        KernelTunnel.address(network, LabSite.POP_NAMESPACE, device, site.index(), 1);
        KernelTunnel.route(network, LabSite.POP_NAMESPACE, site, device, site.index(), 2);
    }

    private void forward(int on) throws IOException {
        network.in(LabSite.POP_NAMESPACE, "sysctl -qw net.ipv4.ip_forward=" + on);
        network.in(LabSite.POP_NAMESPACE, "sysctl -qw net.ipv6.conf.all.forwarding=" + on);
    }

    private void echo() {
        try {
            NetworkNamespace.enter(network.namespacePath(LabSite.POP_NAMESPACE));
            socket = new DatagramSocket(new InetSocketAddress(LabSite.POP_ADDRESS, ECHO_PORT));
            DatagramPacket packet = new DatagramPacket(new byte[64], 64);
            while (true) {
                socket.receive(packet);
                if (isServing) socket.send(packet);
            }
        } catch (IOException e) {
            isServing = false;
        }
    }

    @Override
    public void kill() throws IOException {
        isServing = false;
        forward(0);
    }

    @Override
    public void stop() throws IOException {
        kill();
    }

    @Override
    public void resume() throws IOException {
        start();
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public JsonNode ask(String command) {
        return new JsonMapper().createObjectNode();
    }

    @Override
    public String lastWords() {
        return "serving: " + isServing;
    }

    @Override
    public void close() {
        if (socket != null) socket.close();
    }
}
