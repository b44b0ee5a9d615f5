package io.spillway.dataplane.agent;

import io.spillway.crypto.Session;
import io.spillway.dataplane.buffer.DatagramBatch;
import io.spillway.dataplane.forward.Forwarding;
import io.spillway.dataplane.forward.Probe;
import io.spillway.dataplane.forward.Tunnel;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscArrayQueue;

/**
 * Control's mail to the data-plane agent. Every method may be called by any thread, returns at
 * once, and answers whether the mailbox had room; a refused one is counted. Arguments are
 * immutable, or given away.
 */
public final class DataPlaneCommands {
    private static final int CAPACITY = 4096;

    private final MpscArrayQueue<Runnable> mailbox = new MpscArrayQueue<>(CAPACITY);
    private final DataPlaneAgent agent;
    private final AtomicLong refused = new AtomicLong();
    private volatile Runnable wakeUp = () -> {};

    DataPlaneCommands(DataPlaneAgent agent) {
        this.agent = agent;
    }

    /** Routes, site exits and tunnels, in force whole from the next batch on. */
    public boolean publish(Forwarding forwarding) {
        return offer(() -> agent.onPublish(forwarding));
    }

    /**
     * Opens with {@code session} at once and seals with it as soon as it may; earlier sessions go
     * on opening until they are removed. The session is given away.
     */
    public boolean installSession(Tunnel tunnel, Session session) {
        return offer(() -> agent.onInstallSession(tunnel, session));
    }

    /** Closes one session. */
    public boolean removeSession(Session session) {
        return offer(() -> agent.onRemoveSession(session));
    }

    /** Drops what waits for the tunnel and closes its sessions. */
    public boolean closeTunnel(Tunnel tunnel) {
        return offer(() -> agent.onCloseTunnel(tunnel));
    }

    /**
     * Sends one datagram as it is: a handshake's flight.
     *
     * @param remote resolved
     */
    public boolean sendDatagram(int link, InetSocketAddress remote, byte[] datagram) {
        if (remote.isUnresolved() || datagram.length > DatagramBatch.LENGTH_MAX) {
            throw new IllegalArgumentException(datagram.length + " bytes to " + remote);
        }
        return offer(() -> agent.onSendDatagram(link, remote, datagram));
    }

    /** Seals and sends a PROBE. */
    public boolean sendProbe(Tunnel tunnel, Probe probe) {
        return offer(() -> agent.onSendProbe(tunnel, probe));
    }

    /** Tells the peer that we end the session. */
    public boolean sendClose(Tunnel tunnel) {
        return offer(() -> agent.onSendClose(tunnel));
    }

    /** Commands that found the mailbox full. */
    public long refused() {
        return refused.get();
    }

    boolean isEmpty() {
        return mailbox.isEmpty();
    }

    /** Agent only. Runs at most {@code max}. */
    int drain(int max) {
        int drained = 0;
        while (drained < max) {
            Runnable command = mailbox.poll();
            if (command == null) {
                break;
            }
            command.run();
            drained++;
        }
        return drained;
    }

    /** What ends the agent's sleep; called after every offer. */
    void onOffer(Runnable action) {
        wakeUp = action;
    }

    private boolean offer(Runnable command) {
        if (!mailbox.offer(command)) {
            refused.incrementAndGet();
            return false;
        }
        wakeUp.run();
        return true;
    }
}
