package io.spillway.node.pop;

import com.google.protobuf.ByteString;
import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.route.RouteHistory;
import io.spillway.control.wire.Clock;
import io.spillway.control.wire.EndOfState;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Leave;
import io.spillway.control.wire.Presence;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.RoutePart;
import io.spillway.control.wire.Routes;
import io.spillway.control.wire.Welcome;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells sites the PoP's state: whole on request, then every change. The end of the state is told
 * when the state is complete, so that nobody returns to half a cloud. Owned by control.
 *
 * <p>Changes are noted in each site's {@link Outbox} and leave by {@link #flush}: presence, by
 * which sites decide, with the next one; of the directory no more than one part in {@value
 * #ROUND_MS} ms, the first at once. What a site does not read waits there, and only there. Five
 * hundred sites that return at once so cost each of them twenty frames a second, not one for each
 * change.
 */
final class StateFeed {
    static final int ROUND_MS = 50;
    private static final long ROUND_NS = ROUND_MS * 1_000_000L;

    /** Bytes of routes that one flush gives to one site, and to all: it ends soon. */
    private static final int SITE_LENGTH_MAX = 256 << 10;

    private static final int FLUSH_LENGTH_MAX = 4 << 20;

    private final String popName;
    private final InetAddress internetAddress;
    private final SiteRegister sites;
    private final Map<AttachedSite, Outbox> outboxes = new HashMap<>();
    private final Map<AttachedSite, RouteHistory> routes = new HashMap<>();
    private AccountPolicy policy;
    private long generation;
    private int firstServed;
    private long bytesSent;
    private long nowNs;

    /**
     * @param internetAddress that sites have on the Internet by us; null: none
     * @param sites all there are
     */
    StateFeed(
            String popName,
            InetAddress internetAddress,
            AccountPolicy policy,
            long generation,
            SiteRegister sites,
            long nowNs) {
        this.popName = popName;
        this.internetAddress = internetAddress;
        this.policy = policy;
        this.generation = generation;
        this.sites = sites;
        this.nowNs = nowNs;
    }

    long generation() {
        return generation;
    }

    static Frame refusal(Refusal refusal, String detail) {
        return Frame.newBuilder()
                .setWelcome(Welcome.newBuilder().setRefusal(refusal).setDetail(detail))
                .build();
    }

    /**
     * On a new channel, on which nothing was told yet.
     *
     * @param hasWanFirewall what goes between sites is filtered here
     */
    void welcome(AttachedSite site, long wallMs, boolean hasWanFirewall) {
        outboxes.remove(site);
        Welcome.Builder welcome =
                Welcome.newBuilder()
                        .setPopName(popName)
                        .setGeneration(generation)
                        .setWanFirewall(hasWanFirewall);
        if (internetAddress != null) {
            welcome.setInternetAddress(ByteString.copyFrom(internetAddress.getAddress()));
        }
        send(site, Frame.newBuilder().setWelcome(welcome).build());
        Clock.Builder clock = Clock.newBuilder().setTimeMs(wallMs);
        send(site, Frame.newBuilder().setClock(clock).build());
    }

    /** The site is to be told everything, and then its end. */
    void sendState(AttachedSite site, long request) {
        Outbox outbox = outbox(site);
        outbox.clear();
        outbox.isWhole = true;
        outbox.directoryNs = nowNs;
        outbox.endRequest = request;
        for (AttachedSite other : sites.all()) {
            if (other != site && routes.containsKey(other)) {
                outbox.routes.set(other.index());
            }
        }
    }

    void onClosed(AttachedSite site) {
        outboxes.remove(site);
    }

    /** A site's presence, links or endpoints changed. */
    void onChanged(AttachedSite changed, boolean isPresence) {
        generation++;
        outboxes.forEach(
                (site, outbox) -> {
                    outbox.entries.set(changed.index());
                    if (isPresence && site != changed) {
                        outbox.presences.set(changed.index());
                    }
                });
    }

    /** It is in no directory any more. */
    void onForgotten(AttachedSite gone) {
        generation++;
        outboxes.remove(gone);
        routes.remove(gone);
        for (Outbox outbox : outboxes.values()) {
            outbox.forget(gone);
            outbox.isWhole = true;
        }
    }

    /** The node drains: the site is to attach to another one. */
    void askToLeave(AttachedSite site) {
        send(site, Frame.newBuilder().setLeave(Leave.getDefaultInstance()).build());
    }

    /** The account allows something else from now on. */
    void onPolicy(AccountPolicy changed) {
        policy = changed;
        generation++;
        outboxes.values().forEach(outbox -> outbox.isWhole = true);
    }

    void onRoutes(AttachedSite changed) {
        generation++;
        routes.computeIfAbsent(changed, _ -> new RouteHistory())
                .update(generation, changed.prefixes());
        outboxes.forEach(
                (site, outbox) -> {
                    if (site != changed) {
                        outbox.routes.set(changed.index());
                    }
                });
    }

    /** The site does not have what it was told of another one's routes. */
    void onRouteRequest(AttachedSite site, AttachedSite other) {
        if (other != site && routes.containsKey(other)) {
            Outbox outbox = outbox(site);
            outbox.told.forget(other.id());
            outbox.routes.set(other.index());
        }
    }

    /**
     * Sends what is due. Where there is more than fits, another site is first next time.
     *
     * @param isComplete ends of state may be told
     */
    void flush(long now, boolean isComplete) {
        nowNs = now;
        if (outboxes.values().stream().allMatch(Outbox::isEmpty)) {
            return;
        }
        List<AttachedSite> byIndex = sites.byIndex();
        DirectoryFrames directory = new DirectoryFrames(policy, generation, byIndex);
        int left = FLUSH_LENGTH_MAX;
        for (int i = 0; i < byIndex.size() && left > 0; i++) {
            AttachedSite site = byIndex.get((firstServed + i) % byIndex.size());
            Outbox outbox = outboxes.get(site); // null of a vacant place too
            if (outbox == null || outbox.isEmpty()) {
                continue;
            }
            left -= serve(site, outbox, directory, byIndex, isComplete);
            if (left <= 0) {
                firstServed = (firstServed + i + 1) % byIndex.size();
            }
        }
    }

    /** In this order, as far as the site's connection takes it; returns how many bytes that was. */
    private int serve(
            AttachedSite site,
            Outbox outbox,
            DirectoryFrames directory,
            List<AttachedSite> byIndex,
            boolean isComplete) {
        long before = bytesSent;
        boolean isTaken = sendPresences(site, outbox, byIndex);
        isTaken &= site.connection() != null && site.connection().hasRoom();
        if (isTaken && outbox.isDirectoryDue() && nowNs - outbox.directoryNs >= 0) {
            isTaken = sendDirectory(site, outbox, directory);
        }
        if (isTaken && !outbox.isWhole) {
            isTaken = sendRoutes(site, outbox, byIndex);
        }
        boolean isAllSaid = !outbox.isDirectoryDue() && outbox.routes.isEmpty();
        if (isTaken && isComplete && isAllSaid && outbox.endRequest != 0) {
            outbox.endRequest = send(site, end(outbox.endRequest)) ? 0 : outbox.endRequest;
        }
        return (int) (bytesSent - before);
    }

    private boolean sendPresences(AttachedSite site, Outbox outbox, List<AttachedSite> byIndex) {
        int next = outbox.presences.nextSetBit(0);
        while (next >= 0) {
            if (!send(site, presence(byIndex.get(next)))) {
                return false;
            }
            outbox.presences.clear(next);
            next = outbox.presences.nextSetBit(next);
        }
        return true;
    }

    private boolean sendDirectory(AttachedSite site, Outbox outbox, DirectoryFrames directory) {
        Frame frame =
                outbox.isWhole
                        ? directory.whole(site.id())
                        : directory.part(site.id(), outbox.entries);
        if (!send(site, frame)) {
            return false;
        }
        outbox.isWhole = false;
        outbox.entries.clear();
        outbox.directoryNs = nowNs + ROUND_NS;
        return true;
    }

    private boolean sendRoutes(AttachedSite site, Outbox outbox, List<AttachedSite> byIndex) {
        long endLength = bytesSent + SITE_LENGTH_MAX;
        int next = nextRoutes(outbox, byIndex);
        while (next >= 0) {
            AttachedSite other = byIndex.get(next);
            RouteHistory history = routes.get(other);
            boolean isEnough = bytesSent >= endLength || !site.connection().hasRoom();
            if (isEnough || !send(site, routesOf(other, outbox.told.part(other.id(), history)))) {
                return false;
            }
            if (outbox.told.advance() && outbox.told.hasTold(other.id(), history)) {
                outbox.routes.clear(next);
            }
            next = nextRoutes(outbox, byIndex);
        }
        return true;
    }

    /** Index of the site whose routes are next: what has begun is ended first. Negative: none. */
    private int nextRoutes(Outbox outbox, List<AttachedSite> byIndex) {
        int next = outbox.routes.nextSetBit(0);
        long underWay = outbox.told.siteUnderWay();
        while (next >= 0 && underWay != 0 && byIndex.get(next).id() != underWay) {
            next = outbox.routes.nextSetBit(next + 1);
        }
        while (next >= 0 && underWay == 0 && outbox.entries.get(next)) {
            next = outbox.routes.nextSetBit(next + 1); // nobody takes them without its entry
        }
        return next;
    }

    private Outbox outbox(AttachedSite site) {
        return outboxes.computeIfAbsent(site, _ -> new Outbox(nowNs));
    }

    private Frame presence(AttachedSite site) {
        Presence.Builder presence =
                Presence.newBuilder()
                        .setGeneration(generation)
                        .setSiteId(site.id())
                        .setAttached(site.isAttached());
        return Frame.newBuilder().setPresence(presence).build();
    }

    private static Frame routesOf(AttachedSite site, RoutePart part) {
        Routes.Builder message = Routes.newBuilder().setSiteId(site.id()).setPart(part);
        return Frame.newBuilder().setRoutes(message).build();
    }

    private Frame end(long request) {
        EndOfState.Builder end =
                EndOfState.newBuilder().setGeneration(generation).setRequest(request);
        return Frame.newBuilder().setEndOfState(end).build();
    }

    private boolean send(AttachedSite site, Frame frame) {
        if (site.connection() == null || !site.connection().send(frame)) {
            return false;
        }
        bytesSent += frame.getSerializedSize();
        return true;
    }
}
