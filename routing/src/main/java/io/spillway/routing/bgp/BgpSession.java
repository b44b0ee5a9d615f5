package io.spillway.routing.bgp;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The session with one neighbour (RFC 4271 section 8): when to call, which of two connections to
 * keep, and what an end means for its routes. What happens on a connection from OpenSent on is
 * {@link BgpConnection}'s.
 *
 * <pre>
 *   state    event                         then
 *   IDLE     start, idle hold has passed   CONNECT, or ACTIVE when passive
 *   CONNECT  connected                     OPEN sent, OPEN_SENT
 *   CONNECT  attempt failed, or too long   ACTIVE; called again after the retry time
 *   ACTIVE   retry time has passed         CONNECT, unless passive
 *   ACTIVE, CONNECT, OPEN_*  called        OPEN sent on that connection too, OPEN_SENT
 *   OPEN_SENT  closed                      ACTIVE
 *   OPEN_*, ESTABLISHED  error, closed     IDLE for the idle hold time, which doubles
 *   any      stop                          IDLE until start
 * </pre>
 *
 * <p>Two connections (section 6.8): that of the higher identifier's call stays, and one that is
 * established before a new one. Owned by its {@link BgpSpeaker}.
 */
final class BgpSession {
    static final long CONNECT_RETRY_NS = TimeUnit.SECONDS.toNanos(10);
    static final long IDLE_HOLD_MIN_NS = TimeUnit.SECONDS.toNanos(1);
    static final long IDLE_HOLD_MAX_NS = TimeUnit.SECONDS.toNanos(64);
    private static final long REFRESH_MIN_NS = TimeUnit.SECONDS.toNanos(60);

    /** A session that held so long was a good one: the next failure is a first one again. */
    private static final long STABLE_NS = TimeUnit.SECONDS.toNanos(60);

    private static final byte[] KEEPALIVE = ShortMessages.keepAlive();

    private final int neighbour;
    private final NeighbourConfig config;
    private final RouteTable routes;
    private final Consumer<BgpAction> actions;
    private final NeighbourCounters counters = new NeighbourCounters();
    private final BgpConnection[] connections = new BgpConnection[Direction.values().length];
    private final Deadline idleHold = new Deadline();
    private final Deadline connectRetry = new Deadline();
    private final Deadline refreshRest = new Deadline();
    private final MessageBuffer out = new MessageBuffer();
    private final RouteImport imported;
    private final UpdateReader updates;
    private final GracefulRestart restart;
    private BgpConnection established;
    private Advertiser advertiser;
    private boolean isStarted;
    private boolean isConnecting;
    private long idleHoldNs = IDLE_HOLD_MIN_NS;
    private boolean isOverLimit;
    private long establishedNs;
    private String lastEnd = "";
    private String lastSent = "";
    private String lastReceived = "";

    BgpSession(
            int neighbour, NeighbourConfig config, RouteTable routes, Consumer<BgpAction> actions) {
        this.neighbour = neighbour;
        this.config = config;
        this.routes = routes;
        this.actions = actions;
        int owner = PathOwner.FIRST_NEIGHBOUR + neighbour;
        imported = new RouteImport(routes, owner, config, counters);
        updates = new UpdateReader(routes.attributes(), counters, imported);
        restart = new GracefulRestart(routes, owner);
    }

    // ---- from outside

    void start(long nowNs) {
        if (!isStarted) {
            isStarted = true;
            idleHold.disarm();
            call(nowNs);
        }
    }

    /** Until {@link #start}; the neighbour's people read the text (RFC 9003). */
    void stop(int subcode, String text, long nowNs) {
        isStarted = false;
        endAll(Notification.shutdown(subcode, text), nowNs);
        idleHold.disarm();
    }

    /** What was begun anew, by hand: closed now, called at once. */
    void reset(String text, long nowNs) {
        stop(Notification.ADMINISTRATIVE_RESET, text, nowNs);
        start(nowNs);
    }

    private void call(long nowNs) {
        if (config.isPassive()) {
            connectRetry.disarm();
            return;
        }
        isConnecting = true;
        connectRetry.arm(nowNs, CONNECT_RETRY_NS);
        actions.accept(new BgpAction.Connect(neighbour));
    }

    /** Whether the connection is wanted; if not, the caller closes it, else an earlier one. */
    boolean onConnected(Direction direction, long nowNs) {
        boolean isUnwanted = direction == Direction.OUTGOING && !isConnecting;
        if (!isStarted || idleHold.isArmed() || isUnwanted || !giveWay(direction, nowNs)) {
            return false;
        }
        if (direction == Direction.OUTGOING) {
            isConnecting = false;
            connectRetry.disarm();
        }
        BgpConnection connection = new BgpConnection(this, direction, nowNs);
        connections[direction.ordinal()] = connection;
        send(
                connection,
                OpenMessage.encode(
                        config.localAs(),
                        config.holdTimeS(),
                        config.identifier(),
                        config.nextHopIpv4() != null,
                        config.nextHopIpv6() != null));
        return true;
    }

    /** The neighbour calls again: it has forgotten the connection before (RFC 4724 section 4.2). */
    private boolean giveWay(Direction direction, long nowNs) {
        BgpConnection before = connection(direction);
        if (before != null
                && before == established
                && !before.peer().capabilities().isRestartKnown()) {
            return false;
        }
        if (before != null) {
            drop(before, "the neighbour has called again", true, nowNs);
        }
        return true;
    }

    void onConnectFailed(String why, long nowNs) {
        if (isConnecting) {
            isConnecting = false;
            connectRetry.arm(nowNs, CONNECT_RETRY_NS);
            ended(false, why);
        }
    }

    void onBytes(Direction direction, byte[] bytes, int offset, int length, long nowNs) {
        BgpConnection connection = connection(direction);
        if (connection == null) {
            return;
        }
        try {
            connection.receive(bytes, offset, length, nowNs);
        } catch (BgpException e) {
            fail(connection, e.notification(), nowNs);
        }
    }

    void onClosed(Direction direction, String why, long nowNs) {
        BgpConnection connection = connection(direction);
        if (connection != null) {
            boolean isEarly = connection.state() == BgpState.OPEN_SENT;
            drop(connection, why, true, nowNs);
            if (isEarly && isWithoutConnection()) {
                connectRetry.arm(nowNs, CONNECT_RETRY_NS);
            } else {
                rest(nowNs);
            }
        }
    }

    void onWritable(Direction direction, boolean isWritable, long nowNs) {
        if (connection(direction) != null) {
            connection(direction).writable(isWritable, nowNs);
        }
    }

    /** RFC 5882 section 4.2, RFC 9384. */
    void onBfdDown(long nowNs) {
        if (established != null) {
            fail(established, Notification.of(Notification.CEASE, Notification.BFD_DOWN), nowNs);
        }
    }

    // ---- what the connections tell

    NeighbourCounters counters() {
        return counters;
    }

    boolean isCurrent(BgpConnection connection) {
        return connection(connection.direction()) == connection;
    }

    void onNotification(BgpConnection connection, Notification received, long nowNs) {
        lastReceived = received.describe();
        actions.accept(new BgpAction.Close(neighbour, connection.direction()));
        drop(connection, "received: " + lastReceived, false, nowNs);
        rest(nowNs);
    }

    void onOpen(BgpConnection connection, OpenMessage open, long nowNs) throws BgpException {
        if (open.as() != config.peerAs()) {
            throw new BgpException(Notification.OPEN, Notification.BAD_PEER_AS);
        }
        if (open.identifier() == config.identifier() && !config.isExternal()) {
            throw new BgpException(Notification.OPEN, Notification.BAD_IDENTIFIER);
        }
        BgpConnection other = other(connection);
        if (other != null && other.peer() != null && !wins(connection, other, open, nowNs)) {
            fail(connection, Notification.of(Notification.CEASE, Notification.COLLISION), nowNs);
            return;
        }
        connection.confirm(open, SessionTerms.of(config, open), nowNs);
        send(connection, KEEPALIVE);
    }

    /** Which stays of two that are open on both sides; the other is dropped here. */
    private boolean wins(
            BgpConnection connection, BgpConnection other, OpenMessage open, long nowNs) {
        if (other == established) {
            if (!other.peer().capabilities().isRestartKnown()) {
                return false;
            }
            actions.accept(new BgpAction.Close(neighbour, other.direction()));
            drop(other, "the neighbour has restarted", true, nowNs);
            return true;
        }
        int order = Integer.compareUnsigned(config.identifier(), open.identifier());
        if (order == 0) {
            order = Long.compare(config.localAs(), open.as()); // RFC 6286
        }
        Direction kept = order > 0 ? Direction.OUTGOING : Direction.INCOMING;
        if (connection.direction() != kept) {
            return false;
        }
        fail(other, Notification.of(Notification.CEASE, Notification.COLLISION), nowNs);
        return true;
    }

    void onEstablished(BgpConnection connection, long nowNs) {
        BgpConnection other = other(connection);
        if (other != null) {
            fail(other, Notification.of(Notification.CEASE, Notification.COLLISION), nowNs);
        }
        stopCalling();
        established = connection;
        establishedNs = nowNs;
        Capabilities theirs = connection.peer().capabilities();
        int owner = PathOwner.FIRST_NEIGHBOUR + neighbour;
        routes.owner(owner).describe(config.isExternal(), connection.peer().identifier());
        restart.onEstablished(theirs, connection.terms(), nowNs);
        imported.begin();
        advertiser =
                new Advertiser(
                        routes,
                        owner,
                        config,
                        connection.terms(),
                        theirs.isRestartKnown(),
                        out,
                        counters);
        actions.accept(new BgpAction.Established(neighbour));
    }

    void onUpdate(BgpConnection connection, byte[] bytes, int offset, int end, long nowNs)
            throws BgpException {
        counters.updatesReceived++;
        updates.read(bytes, offset, end, connection.terms());
        int count = routes.owner(PathOwner.FIRST_NEIGHBOUR + neighbour).count();
        if (imported.takeWarning()) {
            actions.accept(new BgpAction.LimitReached(neighbour, count, false));
        }
        if (imported.takeExceeded()) {
            actions.accept(new BgpAction.LimitReached(neighbour, count, true));
            if (config.isLimitFatal()) {
                isOverLimit = true;
                throw new BgpException(Notification.CEASE, Notification.PREFIX_LIMIT);
            }
        }
        if (restart.isActive() && isToldAnew(connection.terms())) {
            restart.complete();
        }
        if (!refreshRest.isArmed() && imported.isRefreshDue()) {
            refreshRest.arm(nowNs, REFRESH_MIN_NS);
            requestRefresh();
        }
    }

    private boolean isToldAnew(SessionTerms terms) {
        return (imported.hasEnded(true) || !terms.hasIpv4())
                && (imported.hasEnded(false) || !terms.hasIpv6());
    }

    void onRefresh(int family, int subsequent) {
        boolean isIpv4 = family == Capabilities.AFI_IPV4;
        boolean isKnown = isIpv4 || family == Capabilities.AFI_IPV6;
        if (isKnown && subsequent == Capabilities.SAFI_UNICAST && advertiser != null) {
            advertiser.refresh(isIpv4);
        }
    }

    /** Asks the neighbour for all its routes (RFC 2918); false: it cannot, or is not there. */
    boolean requestRefresh() {
        if (established == null || !established.peer().capabilities().isRefreshKnown()) {
            return false;
        }
        for (boolean isIpv4 : new boolean[] {true, false}) {
            if (established.terms().hasFamily(isIpv4)) {
                send(established, ShortMessages.refresh(isIpv4));
            }
        }
        return true;
    }

    // ---- ends

    private void fail(BgpConnection connection, Notification notification, long nowNs) {
        lastSent = notification.describe();
        send(connection, ShortMessages.notification(notification));
        actions.accept(new BgpAction.Close(neighbour, connection.direction()));
        drop(connection, "sent: " + lastSent, false, nowNs);
        rest(nowNs);
    }

    private void endAll(Notification notification, long nowNs) {
        for (BgpConnection connection : connections.clone()) {
            if (connection != null) {
                fail(connection, notification, nowNs);
            }
        }
        stopCalling();
        restart.end();
    }

    private void stopCalling() {
        connectRetry.disarm();
        if (isConnecting) {
            isConnecting = false;
            actions.accept(new BgpAction.Close(neighbour, Direction.OUTGOING));
        }
    }

    /**
     * @param isSilent without a word of either side, as a neighbour that restarts goes
     */
    private void drop(BgpConnection connection, String why, boolean isSilent, long nowNs) {
        connections[connection.direction().ordinal()] = null;
        boolean wasEstablished = connection == established;
        if (wasEstablished) {
            established = null;
            advertiser.close();
            advertiser = null;
            if (isSilent && connection.peer().capabilities().isRestartKnown()) {
                restart.begin(connection.peer().capabilities(), nowNs);
            } else {
                restart.end();
            }
            boolean wasStable = nowNs - establishedNs >= STABLE_NS;
            idleHoldNs = wasStable ? IDLE_HOLD_MIN_NS : idleHoldNs;
            idleHoldNs = isOverLimit ? IDLE_HOLD_MAX_NS : idleHoldNs;
            isOverLimit = false;
        }
        if (wasEstablished || isWithoutConnection()) {
            ended(wasEstablished, why);
        }
    }

    private void ended(boolean wasEstablished, String why) {
        lastEnd = why;
        actions.accept(new BgpAction.Ended(neighbour, wasEstablished, why));
    }

    /** After the last connection; the pause grows with each time. */
    private void rest(long nowNs) {
        if (isWithoutConnection() && isStarted) {
            stopCalling();
            idleHold.arm(nowNs, idleHoldNs);
            idleHoldNs = Math.min(2 * idleHoldNs, IDLE_HOLD_MAX_NS);
        }
    }

    private boolean isWithoutConnection() {
        return connections[0] == null && connections[1] == null;
    }

    // ---- time

    void poll(long nowNs) {
        if (idleHold.take(nowNs)) {
            call(nowNs);
        }
        if (connectRetry.take(nowNs)) {
            stopCalling();
            call(nowNs);
        }
        refreshRest.take(nowNs);
        restart.poll(nowNs);
        for (BgpConnection connection : connections) {
            if (connection != null && isCurrent(connection)) {
                poll(connection, nowNs);
            }
        }
        if (isSending()) {
            advertiser.write();
            if (out.length() > 0) {
                actions.accept(new BgpAction.Send(neighbour, established.direction(), out.take()));
            }
        }
    }

    private void poll(BgpConnection connection, long nowNs) {
        Notification timeout = connection.timeout(nowNs);
        if (timeout != null) {
            fail(connection, timeout, nowNs);
        } else if (connection.takeKeepAlive(nowNs)) {
            send(connection, KEEPALIVE);
        }
    }

    private boolean isSending() {
        return established != null && established.isWritable() && advertiser.isDue();
    }

    /** When {@link #poll} has something to do, at the latest {@code otherNs}. */
    long earlier(long otherNs, long nowNs) {
        if (isSending()) {
            return nowNs;
        }
        long earliest = restart.earlier(connectRetry.earlier(idleHold.earlier(otherNs)));
        for (BgpConnection connection : connections) {
            earliest = connection == null ? earliest : connection.earlier(earliest);
        }
        return earliest;
    }

    private void send(BgpConnection connection, byte[] bytes) {
        counters.messagesSent++;
        actions.accept(new BgpAction.Send(neighbour, connection.direction(), bytes));
    }

    private BgpConnection connection(Direction direction) {
        return connections[direction.ordinal()];
    }

    private BgpConnection other(BgpConnection connection) {
        return connections[1 - connection.direction().ordinal()];
    }

    // ---- for status

    BgpState state() {
        BgpState farthest = isConnecting ? BgpState.CONNECT : BgpState.ACTIVE;
        for (BgpConnection connection : connections) {
            if (connection != null && connection.state().compareTo(farthest) > 0) {
                farthest = connection.state();
            }
        }
        boolean isIdle = !isStarted || idleHold.isArmed();
        return isIdle && isWithoutConnection() ? BgpState.IDLE : farthest;
    }

    NeighbourView view() {
        PathOwner owner = routes.owner(PathOwner.FIRST_NEIGHBOUR + neighbour);
        return new NeighbourView(
                config,
                state(),
                establishedNs,
                established == null ? 0 : established.terms().holdTimeS(),
                established == null ? 0 : established.terms().peerIdentifier(),
                established == null ? "" : describe(established),
                owner.count(true),
                owner.count(false),
                advertiser == null ? 0 : advertiser.toldCount(),
                restart.isActive(),
                counters.copy(),
                lastEnd,
                lastSent,
                lastReceived);
    }

    private static String describe(BgpConnection connection) {
        SessionTerms terms = connection.terms();
        Capabilities theirs = connection.peer().capabilities();
        StringBuilder text = new StringBuilder();
        text.append(terms.hasIpv4() ? "ipv4 " : "").append(terms.hasIpv6() ? "ipv6 " : "");
        text.append(terms.asWidth() == 2 ? "" : "as4 ");
        text.append(theirs.isRefreshKnown() ? "refresh " : "");
        text.append(theirs.isExtendedMessageKnown() ? "extended-message " : "");
        text.append(theirs.isRestartKnown() ? "graceful-restart " : "");
        return text.toString().strip();
    }
}
