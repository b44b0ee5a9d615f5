package io.spillway.node.channel;

import io.netty.channel.socket.SocketChannel;
import io.spillway.control.wire.Enrol;
import io.spillway.control.wire.EnrolReply;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.Renew;
import io.spillway.control.wire.RenewReply;
import io.spillway.control.wire.Welcome;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.PeerIdentity;
import io.spillway.crypto.PeerRefusedException;
import io.spillway.crypto.Role;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;

/**
 * One connection at the PoP.
 *
 * <pre>
 *   securing --certificate accepted--> site or PoP node: its frames go to the listener
 *      |  |----certificate refused---> Welcome with the refusal, end
 *      |  |----certificate ended-----> one Renew, one RenewReply, end; or that refusal, end
 *      |------no certificate---------> newcomer: one Enrol, one EnrolReply, end
 * </pre>
 */
final class SiteLine extends LineHandler {
    /** Room for one Enrol; before it nobody may make us buffer more. */
    private static final int NEWCOMER_LENGTH_MAX = 32 * 1024;

    private final ChannelServer server;
    private final ChannelServerConfig config;
    private ChannelConnection connection; // null until the certificate was accepted
    private PeerIdentity lapsed; // null but for one whose certificate has ended
    private String lapse;
    private boolean isRenewing;
    private boolean isNewcomer;
    private boolean enrolling;
    private volatile boolean enrolled;

    SiteLine(ChannelServer server, SocketChannel channel, ChannelServerConfig config) {
        super(channel, channel.remoteAddress(), config.timing());
        this.server = server;
        this.config = config;
    }

    /** Null before the site was accepted. */
    ChannelConnection connection() {
        return connection;
    }

    /** Whether it came for a certificate only, and got it. */
    boolean wasEnrolled() {
        return enrolled;
    }

    void refuse(Refusal refusal, String reason) {
        Welcome.Builder welcome =
                Welcome.newBuilder()
                        .setRefusal(refusal)
                        .setDetail(PlainText.of(reason))
                        .setPopName(config.identity().name().name());
        Frame frame = Frame.newBuilder().setWelcome(welcome).build();
        line().finish(frame, "refused: " + PlainText.of(reason));
    }

    @Override
    void onSecured(X509Certificate[] chain) {
        if (chain.length == 0) {
            isNewcomer = true;
            readFrames(WireSender.NEWCOMER, NEWCOMER_LENGTH_MAX);
            endLater("no certificate, and no enrolment in time");
            return;
        }
        try {
            PeerIdentity peer = server.verify(chain);
            boolean isNode = peer.role() == Role.POP;
            readFrames(isNode ? WireSender.NODE : WireSender.SITE, WireCodec.FRAME_LENGTH_MAX);
            ChannelConnection candidate = new ChannelConnection(peer, this);
            if (server.admit(candidate)) {
                connection = candidate;
                server.onAccepted(candidate);
            }
        } catch (PeerRefusedException e) {
            readFrames(WireSender.SITE, WireCodec.FRAME_LENGTH_MAX);
            if (mayRenew(e, chain)) {
                lapse = e.getMessage();
                endLater(lapse);
            } else {
                refuse(onWire(e.refusal()), e.getMessage());
            }
        }
    }

    /**
     * Whoever holds the key of a certificate that ended of late, and is not revoked, may renew it
     * and nothing else. After an outage that was longer than the certificates' rest every site
     * would wait for somebody's hands otherwise.
     */
    private boolean mayRenew(PeerRefusedException refused, X509Certificate... chain) {
        if (refused.refusal() != io.spillway.crypto.Refusal.EXPIRED) {
            return false;
        }
        try {
            lapsed = server.lapsedSites().verify(chain);
            return true;
        } catch (PeerRefusedException _) {
            return false;
        }
    }

    @Override
    void onFrame(Frame frame) {
        if (frame.hasRenew()) {
            onRenew(frame.getRenew());
        } else if (connection != null) {
            server.onFrame(connection, frame);
        } else if (lapsed != null) {
            refuseLapsed();
        } else if (!enrolling) {
            enrolling = true;
            Enrol request = frame.getEnrol();
            Thread.ofVirtual().name("enrol").start(() -> enrol(request));
        } else {
            line().abort("malformed message: a second Enrol");
        }
    }

    @Override
    void onFailure(String reason) {
        if (isNewcomer && !enrolling) {
            refuse(
                    Refusal.REFUSAL_IDENTITY_MISMATCH,
                    "NO_CERTIFICATE: without one a site may only enrol (" + reason + ")");
        } else {
            line().abort(reason);
        }
    }

    @Override
    void onEnded(String reason) {
        server.onEnded(this, reason);
    }

    private void enrol(Enrol request) {
        EnrolReply reply = config.enroller().enrol(request, remote());
        enrolled = reply.getError().isEmpty();
        Frame frame = Frame.newBuilder().setEnrolReply(reply).build();
        line().finish(frame, enrolled ? "enrolled" : "not enrolled: " + reply.getError());
    }

    /** Says what a site says that does not know yet: it has not asked for its renewal first. */
    private void refuseLapsed() {
        if (!isRenewing) {
            refuse(Refusal.REFUSAL_IDENTITY_MISMATCH, lapse);
        }
    }

    private void onRenew(Renew request) {
        if (isRenewing) {
            line().abort("malformed message: a second Renew before the answer");
            return;
        }
        isRenewing = true;
        PeerIdentity holder = lapsed == null ? connection.peer() : lapsed;
        Thread.ofVirtual().name("renew").start(() -> renew(request, holder));
    }

    private void renew(Renew request, PeerIdentity holder) {
        RenewReply reply =
                server.sites().isRevoked(holder.certificate())
                        ? Enroller.unrenewed("its certificate is revoked")
                        : config.enroller().renew(request, holder);
        Frame frame = Frame.newBuilder().setRenewReply(reply).build();
        channel().eventLoop().execute(() -> onRenewed(frame));
    }

    private void onRenewed(Frame reply) {
        isRenewing = false;
        if (lapsed == null) {
            line().send(reply);
            return;
        }
        String error = reply.getRenewReply().getError();
        enrolled = error.isEmpty();
        line().finish(reply, enrolled ? "renewed" : "not renewed: " + error);
    }

    private void endLater(String reason) {
        long delayMs = config.timing().handshakeTimeout().toMillis();
        channel().eventLoop().schedule(() -> line().abort(reason), delayMs, TimeUnit.MILLISECONDS);
    }

    private static Refusal onWire(io.spillway.crypto.Refusal refusal) {
        return switch (refusal) {
            case FOREIGN_ACCOUNT -> Refusal.REFUSAL_WRONG_ACCOUNT;
            case REVOKED -> Refusal.REFUSAL_REVOKED;
            default -> Refusal.REFUSAL_IDENTITY_MISMATCH;
        };
    }
}
