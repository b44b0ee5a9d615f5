package io.spillway.routing.bgp;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection of a {@link BgpSession}, from OpenSent on: which message may come when, and
 * how long it may take.
 *
 * <pre>
 *   state         message        then
 *   OPEN_SENT     OPEN           the session judges it; KEEPALIVE sent, OPEN_CONFIRM
 *   OPEN_CONFIRM  KEEPALIVE      ESTABLISHED
 *   ESTABLISHED   UPDATE, KEEPALIVE, ROUTE-REFRESH
 *   any           NOTIFICATION   closed
 *   any           another one    finite state machine error
 * </pre>
 */
final class BgpConnection {
    /** Until the OPEN says otherwise (RFC 4271 section 8.2.2: "a large value"). */
    private static final long OPEN_HOLD_NS = TimeUnit.MINUTES.toNanos(4);

    /** RFC 9687 section 5. */
    private static final long SEND_HOLD_MIN_NS = TimeUnit.MINUTES.toNanos(8);

    private static final int KEEP_ALIVES_PER_HOLD = 3;

    private final BgpSession session;
    private final Direction direction;
    private final MessageFramer framer = new MessageFramer();
    private final Deadline hold = new Deadline();
    private final Deadline keepAlive = new Deadline();
    private final Deadline sendHold = new Deadline();
    private BgpState state = BgpState.OPEN_SENT;
    private OpenMessage peer;
    private SessionTerms terms;
    private boolean isWritable = true;

    BgpConnection(BgpSession session, Direction direction, long nowNs) {
        this.session = session;
        this.direction = direction;
        hold.arm(nowNs, OPEN_HOLD_NS);
    }

    Direction direction() {
        return direction;
    }

    BgpState state() {
        return state;
    }

    /** Null before the neighbour's OPEN. */
    OpenMessage peer() {
        return peer;
    }

    /** Null before the neighbour's OPEN. */
    SessionTerms terms() {
        return terms;
    }

    boolean isWritable() {
        return isWritable;
    }

    void writable(boolean isWritableNow, long nowNs) {
        isWritable = isWritableNow;
        if (isWritableNow) {
            sendHold.disarm();
        } else if (!sendHold.isArmed()) {
            long holdNs = terms == null ? 0 : TimeUnit.SECONDS.toNanos(terms.holdTimeS());
            sendHold.arm(nowNs, Math.max(SEND_HOLD_MIN_NS, 2 * holdNs));
        }
    }

    /** Takes what was received. The session may have dropped this connection afterwards. */
    void receive(byte[] bytes, int offset, int length, long nowNs) throws BgpException {
        framer.append(bytes, offset, length);
        while (session.isCurrent(this) && framer.next()) {
            session.counters().messagesReceived++;
            onMessage(framer.type(), nowNs);
        }
    }

    private void onMessage(int type, long nowNs) throws BgpException {
        byte[] bytes = framer.bytes();
        int offset = framer.bodyOffset();
        int end = framer.bodyEnd();
        boolean isEstablished = state == BgpState.ESTABLISHED;
        if (type == MessageFramer.NOTIFICATION) {
            session.onNotification(this, notification(bytes, offset, end), nowNs);
        } else if (type == MessageFramer.OPEN && state == BgpState.OPEN_SENT) {
            session.onOpen(this, OpenMessage.decode(bytes, offset, end), nowNs);
        } else if (type == MessageFramer.KEEPALIVE && state == BgpState.OPEN_CONFIRM) {
            state = BgpState.ESTABLISHED;
            restartHold(nowNs);
            session.onEstablished(this, nowNs);
        } else if (type == MessageFramer.KEEPALIVE && isEstablished) {
            restartHold(nowNs);
        } else if (type == MessageFramer.UPDATE && isEstablished) {
            restartHold(nowNs);
            session.onUpdate(this, bytes, offset, end, nowNs);
        } else if (type == MessageFramer.ROUTE_REFRESH && isEstablished) {
            session.onRefresh(Wire.u16(bytes, offset), Wire.u8(bytes, offset + 3));
        } else {
            int subcode = state.ordinal() - BgpState.OPEN_SENT.ordinal() + 1; // RFC 6608
            throw new BgpException(Notification.STATE_MACHINE, subcode);
        }
    }

    private static Notification notification(byte[] bytes, int offset, int end) {
        byte[] data = Arrays.copyOfRange(bytes, offset + 2, end);
        return new Notification(Wire.u8(bytes, offset), Wire.u8(bytes, offset + 1), data);
    }

    /** The neighbour's OPEN is accepted. */
    void confirm(OpenMessage accepted, SessionTerms agreed, long nowNs) {
        peer = accepted;
        terms = agreed;
        state = BgpState.OPEN_CONFIRM;
        if (terms.messageLengthMax() > MessageFramer.LENGTH_MAX) {
            framer.extend();
        }
        restartHold(nowNs);
        if (terms.holdTimeS() > 0) {
            keepAlive.arm(nowNs, keepAliveNs());
        }
    }

    private void restartHold(long nowNs) {
        if (terms.holdTimeS() > 0) {
            hold.arm(nowNs, TimeUnit.SECONDS.toNanos(terms.holdTimeS()));
        } else {
            hold.disarm();
        }
    }

    private long keepAliveNs() {
        return TimeUnit.SECONDS.toNanos(terms.holdTimeS()) / KEEP_ALIVES_PER_HOLD;
    }

    /** Whether to send a KEEPALIVE now. */
    boolean takeKeepAlive(long nowNs) {
        if (!keepAlive.take(nowNs)) {
            return false;
        }
        keepAlive.arm(nowNs, keepAliveNs());
        return true;
    }

    /** The neighbour was silent for too long, or did not read for too long; null: neither. */
    Notification timeout(long nowNs) {
        if (hold.isDue(nowNs)) {
            return Notification.of(Notification.HOLD_TIMER, 0);
        }
        return sendHold.isDue(nowNs) ? Notification.of(Notification.SEND_HOLD_TIMER, 0) : null;
    }

    long earlier(long otherNs) {
        return sendHold.earlier(keepAlive.earlier(hold.earlier(otherNs)));
    }
}
