package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.firewall.LanPolicy;
import io.spillway.dataplane.firewall.WanFirewallPolicy;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Proof;
import io.spillway.dataplane.forward.Tunnel;
import io.spillway.dataplane.path.Rehearsal;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Control's mail to the data plane: each command goes to the agent that it concerns. Every method
 * may be called by any thread, returns at once, and answers whether the mailbox had room; a refused
 * one is counted. Arguments are immutable, or given away.
 */
public final class DataPlaneCommands {
    /** {@link #sendDatagram(int, InetSocketAddress, byte[], int)}: as far as the address is. */
    public static final int ALL_THE_WAY = 0;

    /** The socket by which handshakes leave, and where they come in. */
    private static final int HANDSHAKE_THREAD = 0;

    /** A WAN side and the mailbox of the agent that turns it. */
    record WanDesk(WanSide side, Mailbox mailbox) {}

    private final Threading threading;
    private final List<WanDesk> wans;
    private final LanSide lan;
    private final List<AgentParts> agents;

    /**
     * @param wans by WAN thread
     * @param lan turned by the last of {@code agents}
     * @param agents all, the one that routes last
     */
    DataPlaneCommands(
            Threading threading, List<WanDesk> wans, LanSide lan, List<AgentParts> agents) {
        this.threading = threading;
        this.wans = List.copyOf(wans);
        this.lan = lan;
        this.agents = List.copyOf(agents);
    }

    /**
     * Routes, site exits and tunnels, in force whole from the agents' next batches on. Who routes
     * hears last, so that no packet is sent to a tunnel whose agent does not know it. That agent
     * may still be about to install a session that was given to it before; until it has, the tunnel
     * is down.
     */
    public boolean publish(Forwarding forwarding) {
        boolean isAccepted = true;
        for (AgentParts agent : agents.subList(0, agents.size() - 1)) {
            isAccepted &= agent.mailbox().offer(() -> agent.forwarding().publish(forwarding));
        }
        AgentParts router = agents.getLast();
        return isAccepted & router.mailbox().offer(() -> install(router, forwarding));
    }

    /**
     * What is allowed between the LAN's networks, in force from the next batch on, for flows that
     * have begun too; null: everything.
     */
    public boolean publishPolicy(LanPolicy policy) {
        return agents.getLast().mailbox().offer(() -> lan.onPolicy(policy));
    }

    /** The same of what is allowed between sites, at a PoP. */
    public boolean publishWanFirewall(WanFirewallPolicy policy) {
        return agents.getLast().mailbox().offer(() -> lan.onWanFirewall(policy));
    }

    private static void install(AgentParts router, Forwarding forwarding) {
        router.forwarding().publish(forwarding);
        forwarding.fib().adopt();
    }

    /**
     * Opens with {@code session} at once and seals with it as soon as it may; earlier sessions go
     * on opening until they are removed. The session is given away. Its connection ID leads to the
     * tunnel's WAN thread.
     */
    public boolean installSession(Tunnel tunnel, Session session) {
        if (threadOf(session) != tunnel.wanThread()) {
            throw new IllegalArgumentException(
                    "session of WAN thread "
                            + threadOf(session)
                            + " for a tunnel of "
                            + tunnel.wanThread());
        }
        WanDesk wan = wans.get(tunnel.wanThread());
        return wan.mailbox().offer(() -> wan.side().onInstallSession(tunnel, session));
    }

    /** Closes one session. */
    public boolean removeSession(Session session) {
        WanDesk wan = wans.get(threadOf(session));
        return wan.mailbox().offer(() -> wan.side().onRemoveSession(session));
    }

    /** Drops what waits for the tunnel and closes its sessions. */
    public boolean closeTunnel(Tunnel tunnel) {
        WanDesk wan = wans.get(tunnel.wanThread());
        return wan.mailbox().offer(() -> wan.side().onCloseTunnel(tunnel));
    }

    /**
     * Sends one datagram as it is: a handshake's flight.
     *
     * @param remote resolved
     */
    public boolean sendDatagram(int link, InetSocketAddress remote, byte[] datagram) {
        return sendDatagram(link, remote, datagram, ALL_THE_WAY);
    }

    /**
     * The same, but it goes no further than so many hops.
     *
     * @param hops {@link #ALL_THE_WAY}: as far as its address is
     */
    public boolean sendDatagram(int link, InetSocketAddress remote, byte[] datagram, int hops) {
        if (remote.isUnresolved() || datagram.length > DatagramBatch.LENGTH_MAX) {
            throw new IllegalArgumentException(datagram.length + " bytes to " + remote);
        }
        WanDesk wan = wans.get(HANDSHAKE_THREAD);
        return wan.mailbox().offer(() -> wan.side().onSendDatagram(link, remote, datagram, hops));
    }

    /** The tunnel's path carries packets of {@code bytes}, headers included, and no longer ones. */
    public boolean setPathMtu(Tunnel tunnel, int bytes) {
        WanDesk wan = wans.get(tunnel.wanThread());
        return wan.mailbox().offer(() -> tunnel.pathMtu(bytes));
    }

    /** Seals and sends a PROBE. */
    public boolean sendProbe(Tunnel tunnel, Probe probe) {
        WanDesk wan = wans.get(tunnel.wanThread());
        return wan.mailbox().offer(() -> wan.side().onSendProbe(tunnel, probe));
    }

    /**
     * Sends an echo through the whole data plane, by that tunnel: what comes back is told by {@link
     * ControlEvents.Handler#onProof}. Routes that were published before are in force.
     */
    public boolean sendProof(Tunnel tunnel, Proof proof) {
        return agents.getLast().mailbox().offer(() -> lan.onSendProof(tunnel, proof));
    }

    /**
     * Sets the stage for a packet that is asked about.
     *
     * @param staged runs on the agent's thread when it is set
     */
    public boolean stage(Rehearsal rehearsal, Runnable staged) {
        return agents.getLast()
                .mailbox()
                .offer(
                        () -> {
                            lan.onStage(rehearsal);
                            staged.run();
                        });
    }

    /** Tells the peer that we end the session. */
    public boolean sendClose(Tunnel tunnel) {
        WanDesk wan = wans.get(tunnel.wanThread());
        return wan.mailbox().offer(() -> wan.side().onSendClose(tunnel));
    }

    public int agentCount() {
        return agents.size();
    }

    /**
     * Runs once on each agent's thread, when it takes its mail: a sign that it does.
     *
     * @param sign must not block
     */
    public boolean turn(Runnable sign) {
        boolean isAccepted = true;
        for (AgentParts agent : agents) {
            isAccepted &= agent.mailbox().offer(sign);
        }
        return isAccepted;
    }

    /** Commands that found a mailbox full. */
    public long refused() {
        long refused = 0;
        for (AgentParts agent : agents) {
            refused += agent.mailbox().refused();
        }
        return refused;
    }

    /** Records without a connection ID arrive where handshakes do. */
    private int threadOf(Session session) {
        return session.hasConnectionId()
                ? threading.wanThreadOf(session.localConnectionId())
                : HANDSHAKE_THREAD;
    }
}
