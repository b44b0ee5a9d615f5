package io.spillway.control.wire;

import io.spillway.control.wire.Frame.BodyCase;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who may say what. {@code NEWCOMER} is a client that has no certificate yet, {@code NEIGHBOUR} a
 * site at the far end of a tunnel.
 */
public enum WireSender {
    SITE(
            EnumSet.of(
                    BodyCase.HELLO,
                    BodyCase.STATE_REQUEST,
                    BodyCase.ROUTE_ADVERT,
                    BodyCase.READINESS_REPORT,
                    BodyCase.EVENT_UPLOAD,
                    BodyCase.HEARD_PEERS,
                    BodyCase.LINK_REPORT,
                    BodyCase.PUNCH_REQUEST,
                    BodyCase.ROUTE_REQUEST,
                    BodyCase.RENEW,
                    BodyCase.PING,
                    BodyCase.PONG)),
    POP(
            EnumSet.of(
                    BodyCase.WELCOME,
                    BodyCase.DIRECTORY,
                    BodyCase.ROUTES,
                    BodyCase.PRESENCE,
                    BodyCase.END_OF_STATE,
                    BodyCase.CLOCK,
                    BodyCase.EVENT_ACK,
                    BodyCase.REVOCATIONS,
                    BodyCase.AUTHORITIES,
                    BodyCase.PUNCH_ORDER,
                    BodyCase.ROUTE_REQUEST,
                    BodyCase.LEAVE,
                    BodyCase.PING,
                    BodyCase.PONG,
                    BodyCase.ENROL_REPLY,
                    BodyCase.RENEW_REPLY)),
    /** A PoP node to another one. */
    NODE(
            EnumSet.of(
                    BodyCase.NODE_SITE,
                    BodyCase.NODE_SYNCED,
                    BodyCase.NODE_ORDER,
                    BodyCase.NODE_ROUTES,
                    BodyCase.NODE_FORGET,
                    BodyCase.ROUTE_REQUEST,
                    BodyCase.WELCOME, // a refusal
                    BodyCase.PING,
                    BodyCase.PONG)),
    NEWCOMER(EnumSet.of(BodyCase.ENROL)),
    NEIGHBOUR(EnumSet.of(BodyCase.PUNCH_REQUEST, BodyCase.PUNCH_ORDER, BodyCase.LIVE_PIECE));

    private final Set<BodyCase> allowed;

    WireSender(Set<BodyCase> allowed) {
        this.allowed = allowed;
    }

    boolean maySend(BodyCase body) {
        return allowed.contains(body);
    }
}
