package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.LinkEndpoints;
import io.spillway.control.directory.Peer;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.TunnelPlan;
import io.spillway.control.punch.OrderPace;
import io.spillway.control.punch.PunchEnd;
import io.spillway.control.punch.PunchOrder;
import io.spillway.control.punch.StunMessage;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.LivePiece;
import io.spillway.control.wire.PunchRequest;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireException;
import io.spillway.control.wire.WireSender;
import io.spillway.dataplane.forward.RelayEndpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Where no PoP brings two sites together, a third one does that has a direct tunnel to both (L3).
 * It is asked, and orders, as a PoP is and does (R022-R025), with the ends of its own tunnels as
 * what it sees:
 *
 * <pre>
 *   site 1                     site 3                     site 2
 *     │ ── PunchRequest(2) ────> │                          │
 *     │ <──── PunchOrder(2, end) │ PunchOrder(1, end) ────> │
 *     │ <═════════════════ probes of both ════════════════> │
 * </pre>
 *
 * <p>The frames travel as {@link Neighbours} says; of those that a third site relayed only live
 * routes are taken, which are signed. Owned by control.
 */
final class PeerBroker {
    /** Takes pieces of what sites say of their routes. */
    interface Pieces {
        void take(long siteId, LivePiece piece, long nowNs);
    }

    private final PeerDirectory directory;
    private final SiteTunnels tunnels;
    private final Neighbours neighbours;
    private final Pieces pieces;
    private final RandomGenerator random;
    private final Consumer<PunchOrder> orders;
    private final OrderPace pace = new OrderPace();
    private int asked;

    /**
     * @param random unknown to others
     * @param orders takes those that are for this site
     */
    PeerBroker(
            PeerDirectory directory,
            SiteTunnels tunnels,
            Neighbours neighbours,
            Pieces pieces,
            RandomGenerator random,
            Consumer<PunchOrder> orders) {
        this.directory = directory;
        this.tunnels = tunnels;
        this.neighbours = neighbours;
        this.pieces = pieces;
        this.random = random;
        this.orders = orders;
    }

    /** Somebody is there who may be asked. */
    boolean isThere() {
        return tunnels.hasCarrier();
    }

    /**
     * Asks one of the peers with a direct tunnel, another one each time: which of them has one to
     * that site too, only trying tells.
     */
    void ask(TunnelPlan.Key key) {
        List<Long> brokers =
                tunnels.carriers().stream()
                        .map(carrier -> carrier.tunnel().siteId())
                        .filter(siteId -> siteId != key.siteId())
                        .toList();
        if (brokers.isEmpty()) {
            return;
        }
        PunchRequest request =
                PunchRequest.newBuilder()
                        .setSiteId(key.siteId())
                        .setLocalLink(key.localLink())
                        .setRemoteLink(key.remoteLink())
                        .build();
        long broker = brokers.get(asked++ % brokers.size());
        neighbours.send(broker, Frame.newBuilder().setPunchRequest(request).build());
    }

    /**
     * Takes what came on the relay link.
     *
     * @return whether it was a neighbour's word
     */
    boolean onStun(InetSocketAddress from, StunMessage message, long nowNs) {
        if (message.data() == null) {
            return false;
        }
        try {
            return take(from, WireCodec.decode(message.data(), WireSender.NEIGHBOUR), nowNs);
        } catch (WireException e) {
            return false;
        }
    }

    private boolean take(InetSocketAddress from, Frame frame, long nowNs) {
        long neighbour = RelayEndpoint.site(from);
        boolean isOwnWord = neighbour == RelayEndpoint.via(from); // not one that it relayed
        if (frame.hasLivePiece()) {
            pieces.take(neighbour, frame.getLivePiece(), nowNs);
        } else if (isOwnWord && frame.hasPunchOrder()) {
            orders.accept(PunchOrder.of(frame.getPunchOrder()));
        } else if (isOwnWord) {
            onRequest(neighbour, frame.getPunchRequest(), nowNs);
        }
        return isOwnWord || frame.hasLivePiece();
    }

    private void onRequest(long asking, PunchRequest request, long nowNs) {
        PunchEnd from = end(asking, request.getLocalLink());
        PunchEnd to = end(request.getSiteId(), request.getRemoteLink());
        if (from == null || to == null || asking == to.siteId()) {
            return;
        }
        boolean isAskingFirst = PeerDirectory.isInitiator(asking, to.siteId());
        PunchEnd first = isAskingFirst ? from : to;
        PunchEnd second = isAskingFirst ? to : from;
        if (!pace.take(first, second, nowNs)) {
            return;
        }
        PunchEnd.Attempt attempt = PunchEnd.Attempt.of(random);
        neighbours.send(first.siteId(), first.orderTowards(second, attempt));
        neighbours.send(second.siteId(), second.orderTowards(first, attempt));
    }

    /** As our direct tunnel to that link shows it; null: there is none, or it may not recover. */
    private PunchEnd end(long siteId, int index) {
        Peer peer = directory.peer(siteId);
        if (peer == null || !peer.site().isRecoverable()) {
            return null;
        }
        Link link =
                peer.site().links().stream()
                        .filter(it -> it.index() == index && it.enabled())
                        .findFirst()
                        .orElse(null);
        InetSocketAddress seen = link == null ? null : seen(siteId, index);
        LinkEndpoints endpoints = seen == null ? null : link.endpoints().withObserved(seen);
        return endpoints == null ? null : new PunchEnd(siteId, index, endpoints);
    }

    private InetSocketAddress seen(long siteId, int link) {
        return tunnels.toPeer(siteId).stream()
                .filter(tunnel -> tunnel.isAlive() && tunnel.remoteLink() == link)
                .filter(tunnel -> tunnel.tunnel().link() != tunnels.relayLink())
                .map(tunnel -> tunnel.tunnel().remote())
                .findFirst()
                .orElse(null);
    }
}
