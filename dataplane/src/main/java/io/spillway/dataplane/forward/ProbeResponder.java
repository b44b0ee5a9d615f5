package io.spillway.dataplane.forward;

import io.spillway.dataplane.buffer.Drops;
import io.spillway.dataplane.buffer.Exit;
import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.observe.DropReason;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Answers PROBEs at once, in the buffer they came in; at a PoP hands on those between sites; passes
 * replies to control; writes our own. Follows a peer whose endpoint changes.
 *
 * <p>Owned by a WAN agent.
 */
public final class ProbeResponder {
    private static final int TOKEN_LENGTH = Long.BYTES;

    private final ForwardingView forwarding;
    private final Exits exits;
    private final TunnelNews news;
    private final Drops drops;
    private final PacketPool pool;

    public ProbeResponder(
            ForwardingView forwarding, Exits exits, TunnelNews news, Drops drops, PacketPool pool) {
        this.forwarding = forwarding;
        this.exits = exits;
        this.news = news;
        this.drops = drops;
        this.pool = pool;
    }

    /** Sends a PROBE of ours; the reply's time is told from {@code nowNs}. */
    public void send(Tunnel tunnel, Probe probe, long nowNs) {
        if (!tunnel.isReady()) {
            drops.count(DropReason.TUNNEL_NOT_READY);
            return;
        }
        PacketBuffer content = pool.acquire();
        if (content == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
            return;
        }
        int length = Math.max(ProbeHeader.LENGTH, tunnel.contentLength(probe.packetLength()));
        content.reset(length);
        UnsafeBuffer memory = content.memory();
        int offset = content.offset();
        memory.setMemory(offset, length, (byte) 0);
        ProbeHeader.flagsAndLink(memory, offset, probe.flags(), tunnel.link());
        ProbeHeader.sequence(memory, offset, probe.sequence());
        ProbeHeader.sentNs(memory, offset, nowNs);
        ProbeHeader.origin(memory, offset, forwarding.current().ownSiteId());
        ProbeHeader.destination(memory, offset, probe.destinationSite());
        content.contentType = ContentType.PROBE;
        content.exit = Exit.tunnel(tunnel.index());
        exits.offer(content);
    }

    /** Tells the peer that we end the session. */
    public void sendClose(Tunnel tunnel) {
        PacketBuffer content = pool.acquire();
        if (content == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
            return;
        }
        content.contentType = ContentType.CLOSE;
        content.exit = Exit.tunnel(tunnel.index());
        exits.offer(content);
    }

    /** Takes the buffer. */
    void onProbe(PacketBuffer content) {
        if (!isSound(content)) {
            return;
        }
        UnsafeBuffer memory = content.memory();
        int offset = content.offset();
        long destination = ProbeHeader.destination(memory, offset);
        Forwarding now = forwarding.current();
        if (destination != 0 && destination != now.ownSiteId()) {
            handOn(content, destination);
            return;
        }
        long origin = ProbeHeader.origin(memory, offset);
        news.onProbe(
                content.ingressTunnel,
                ProbeHeader.flags(memory, offset),
                ProbeHeader.link(memory, offset),
                origin);
        hurryIfChanged(content, now);
        checkIfMoved(content, now);
        ProbeHeader.flagsAndLink(memory, offset, now.probeFlags(), content.ingressLink);
        ProbeHeader.origin(memory, offset, now.ownSiteId());
        ProbeHeader.destination(memory, offset, origin);
        content.truncate(ProbeHeader.LENGTH);
        content.contentType = ContentType.PROBE_REPLY;
        content.exit = Exit.tunnel(content.ingressTunnel);
        exits.offer(content);
    }

    /** Takes the buffer. */
    void onReply(PacketBuffer content) {
        if (!isSound(content)) {
            return;
        }
        UnsafeBuffer memory = content.memory();
        int offset = content.offset();
        long destination = ProbeHeader.destination(memory, offset);
        Forwarding now = forwarding.current();
        if (destination != now.ownSiteId()) {
            handOn(content, destination);
            return;
        }
        news.onProbeReply(
                content.ingressTunnel,
                ProbeHeader.flags(memory, offset),
                ProbeHeader.sequence(memory, offset),
                ProbeHeader.origin(memory, offset),
                ProbeHeader.sentNs(memory, offset),
                content.receivedNs);
        hurryIfChanged(content, now);
        pool.release(content);
    }

    /** A peer's address may change, or its NAT may (RFC 9146 §6); it says so by probing. */
    private void checkIfMoved(PacketBuffer probe, Forwarding now) {
        Tunnel tunnel = now.tunnels().get(probe.ingressTunnel);
        long endpoint = probe.endpointAddress();
        if (probe.ingressLink != tunnel.link() || tunnel.isAt(endpoint)) {
            return;
        }
        long token = probe.receivedNs;
        if (tunnel.beginCheck(endpoint, token, probe.receivedNs)) {
            sendToken(tunnel, ContentType.PATH_CHECK, token);
        }
    }

    private void sendToken(Tunnel tunnel, byte contentType, long token) {
        PacketBuffer content = pool.acquire();
        if (content == null) {
            drops.count(DropReason.POOL_EXHAUSTED);
            return;
        }
        content.reset(TOKEN_LENGTH);
        content.memory().putLong(content.offset(), token);
        content.contentType = contentType;
        content.exit = Exit.tunnel(tunnel.index());
        exits.offer(content);
    }

    /** Takes the buffer. Answered by the tunnel, whose far end only the peer has. */
    void onPathCheck(PacketBuffer content) {
        if (content.length() != TOKEN_LENGTH) {
            drops.drop(content, DropReason.PROBE_MALFORMED);
            return;
        }
        content.contentType = ContentType.PATH_ANSWER;
        content.exit = Exit.tunnel(content.ingressTunnel);
        exits.offer(content);
    }

    /** Takes the buffer. What control does not hear of is checked again at the next PROBE. */
    void onPathAnswer(PacketBuffer content) {
        if (content.length() != TOKEN_LENGTH) {
            drops.drop(content, DropReason.PROBE_MALFORMED);
            return;
        }
        Tunnel tunnel = forwarding.current().tunnels().get(content.ingressTunnel);
        long token = content.memory().getLong(content.offset());
        long endpoint = content.endpointAddress();
        boolean hasMoved = tunnel != null && tunnel.hasMoved(endpoint, token);
        if (hasMoved && news.onMoved(tunnel.index(), endpoint)) {
            tunnel.move();
        }
        pool.release(content);
    }

    /** What a PoP relayed tells nothing of its tunnel, and is rare. */
    private void hurryIfChanged(PacketBuffer content, Forwarding now) {
        Tunnel tunnel = now.tunnels().get(content.ingressTunnel);
        long origin = ProbeHeader.origin(content.memory(), content.offset());
        int flags = ProbeHeader.flags(content.memory(), content.offset());
        if (origin != tunnel.siteId() || tunnel.onFlags(flags)) {
            news.hurry();
        }
    }

    /** A peer speaks only for itself; a PoP relays what others said, a node what its sites did. */
    private boolean isSound(PacketBuffer content) {
        if (content.length() < ProbeHeader.LENGTH) {
            drops.drop(content, DropReason.PROBE_MALFORMED);
            return false;
        }
        Tunnel tunnel = forwarding.current().tunnels().get(content.ingressTunnel);
        long origin = ProbeHeader.origin(content.memory(), content.offset());
        if (tunnel == null || !maySay(tunnel, origin)) {
            drops.drop(content, DropReason.PROBE_FOREIGN_ORIGIN);
            return false;
        }
        return true;
    }

    private boolean maySay(Tunnel tunnel, long origin) {
        if (!tunnel.isToPop()) {
            return tunnel.siteId() == origin;
        }
        Forwarding now = forwarding.current();
        if (!now.isPop() || origin == 0) {
            return true;
        }
        SiteExit site = now.site(origin);
        return site != null && site.mayComeBy(tunnel);
    }

    private void handOn(PacketBuffer content, long destination) {
        Forwarding now = forwarding.current();
        SiteExit site = now.isPop() ? now.site(destination) : null;
        Tunnel tunnel = site == null ? null : site.first();
        if (tunnel != null && tunnel.isToPop() && now.isFromPop(content)) {
            tunnel = site.chooseOwn(0);
        }
        if (tunnel == null) {
            drops.drop(content, DropReason.PROBE_NO_PATH);
            return;
        }
        content.exit = Exit.tunnel(tunnel.index());
        exits.offer(content);
    }
}
