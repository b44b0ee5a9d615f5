package io.spillway.node.lab;

import io.spillway.tap.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Acts like a site by the kernel's own forwarding: asks the PoP every 50 ms, and without an answer
 * moves its routes from the tunnel to the PoP to tunnels to the other sites. See {@link KernelPop}.
 */
final class KernelSite implements LabNode {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int INTERVAL_MS = 50;
    private static final int LOST_AFTER = 3;
    private static final int PAIR_BASE = 100;

    private final LabNetwork network;
    private final LabSite site;
    private final LabOptions options;
    private final List<JsonNode> events = new ArrayList<>();
    private volatile boolean isRunning = true;
    private volatile boolean isInRecovery;
    private volatile String failure = "";

    KernelSite(LabNetwork network, LabSite site, LabOptions options) {
        this.network = network;
        this.site = site;
        this.options = options;
    }

    @Override
    public String name() {
        return site.name();
    }

    @Override
    public void start() throws IOException {
        String name = site.name();
        String bridge = LabNetwork.LAN_BRIDGE;
        network.in(name, "sysctl -qw net.ipv4.ip_forward=1");
        network.in(name, "sysctl -qw net.ipv6.conf.all.forwarding=1");
        network.in(name, "sysctl -qw net.ipv6.conf.default.accept_dad=0");
        network.in(name, "sysctl -qw net.ipv6.conf." + bridge + ".accept_dad=0");
        network.in(name, "sysctl -qw net.ipv4.conf." + bridge + ".arp_ignore=0");
        network.in(name, "sysctl -qw net.ipv6.conf." + bridge + ".disable_ipv6=0");
        network.in(name, "ip address add " + site.lan4(1) + "/24 dev " + bridge);
        network.in(name, "ip -6 address add " + site.lan6(1) + "/64 dev " + bridge + " nodad");
        KernelTunnel.add(network, name, "cloud", site.id(), site.wanAddress(), LabSite.POP_ADDRESS);
        KernelTunnel.address(network, name, "cloud", site.index(), 2);
        for (LabSite peer : peers()) {
            int pair = pair(peer);
            KernelTunnel.add(
                    network, name, direct(peer), pair, site.wanAddress(), peer.wanAddress());
            KernelTunnel.address(network, name, direct(peer), pair, ownEnd(peer));
        }
        routeByCloud();
        Thread.ofPlatform().daemon().name("kernel-" + name).start(this::watch);
    }

    private List<LabSite> peers() {
        return network.sites().stream().filter(peer -> !peer.equals(site)).toList();
    }

    private static String direct(LabSite peer) {
        return "d-" + peer.name();
    }

    private int pair(LabSite peer) {
        int low = Math.min(site.index(), peer.index());
        return PAIR_BASE + 10 * low + Math.max(site.index(), peer.index());
    }

    private int ownEnd(LabSite peer) {
        return site.index() < peer.index() ? 1 : 2;
    }

    private int farEnd(LabSite peer) {
        return site.index() < peer.index() ? 2 : 1;
    }

    private void routeByCloud() throws IOException {
        for (LabSite peer : peers()) {
            KernelTunnel.route(network, site.name(), peer, "cloud", site.index(), 1);
        }
    }

    private void watch() {
        try {
            NetworkNamespace.enter(network.namespacePath(site.name()));
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.connect(InetAddress.getByName(LabSite.POP_ADDRESS), KernelPop.ECHO_PORT);
                socket.setSoTimeout(INTERVAL_MS);
                probe(socket);
            }
        } catch (IOException | InterruptedException e) {
            failure = e.toString();
        }
    }

    private void probe(DatagramSocket socket) throws IOException, InterruptedException {
        int missed = 0;
        while (isRunning) {
            missed = isAnswered(socket) ? 0 : missed + 1;
            if (missed >= LOST_AFTER && !isInRecovery && options.recovery()) leaveCloud();
            if (missed == 0 && isInRecovery) returnToCloud();
            if (missed == 0) Thread.sleep(INTERVAL_MS);
        }
    }

    private static boolean isAnswered(DatagramSocket socket) throws InterruptedException {
        DatagramPacket packet = new DatagramPacket(new byte[8], 8);
        try {
            socket.send(packet);
            socket.receive(packet);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            Thread.sleep(INTERVAL_MS);
            return false;
        }
    }

    private void leaveCloud() throws IOException {
        for (LabSite peer : peers()) {
            if (options.freeze()) {
                KernelTunnel.route(
                        network, site.name(), peer, direct(peer), pair(peer), farEnd(peer));
            } else {
                KernelTunnel.unroute(network, site.name(), peer);
            }
        }
        isInRecovery = true;
        record(LabEvent.ACTIVATED);
    }

    private void returnToCloud() throws IOException {
        routeByCloud();
        isInRecovery = false;
        record(LabEvent.STOPPED);
    }

    private synchronized void record(String message) {
        ObjectNode event = JSON.createObjectNode();
        event.put("epochMs", System.currentTimeMillis()).put("message", message);
        events.add(event);
    }

    @Override
    public synchronized JsonNode ask(String command) {
        ObjectNode answer = JSON.createObjectNode();
        switch (command) {
            case "status" -> status(answer);
            case "readiness" ->
                    answer.put("status", "READY")
                            .put("connected", peers().size())
                            .put("expected", peers().size());
            case "events" -> answer.putArray("events").addAll(events);
            default -> throw new IllegalArgumentException(command);
        }
        return answer;
    }

    private void status(ObjectNode answer) {
        String transport = isInRecovery ? "RECOVERY" : "CLOUD";
        answer.put("transport", transport).put("state", transport);
        ArrayNode peers = answer.putArray("peers");
        for (LabSite peer : peers()) {
            peers.addObject().put("name", peer.name()).put("transport", transport);
        }
    }

    @Override
    public void kill() {
        throw new IllegalStateException("the lab kills no site");
    }

    @Override
    public void stop() {
        throw new IllegalStateException("the lab stops no site");
    }

    @Override
    public void resume() {
        throw new IllegalStateException("the lab resumes no site");
    }

    @Override
    public boolean isAlive() {
        return failure.isEmpty();
    }

    @Override
    public String lastWords() {
        return failure;
    }

    @Override
    public void close() {
        isRunning = false;
    }
}
