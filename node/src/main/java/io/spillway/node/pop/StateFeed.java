package io.spillway.node.pop;

import io.spillway.control.directory.AccountPolicy;
import io.spillway.control.directory.Site;
import io.spillway.control.directory.SiteMessages;
import io.spillway.control.wire.Clock;
import io.spillway.control.wire.Directory;
import io.spillway.control.wire.EndOfState;
import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Leave;
import io.spillway.control.wire.Presence;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.Routes;
import io.spillway.control.wire.Welcome;
import io.spillway.node.WirePrefixes;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells sites the PoP's state: whole on request, then every change. The end of the state is told
 * when the state is complete, so that nobody returns to half a cloud. Owned by control.
 */
final class StateFeed {
    private final Map<AttachedSite, Long> waiting = new HashMap<>();
    private final String popName;
    private AccountPolicy policy;
    private long generation;

    StateFeed(String popName, AccountPolicy policy, long generation) {
        this.popName = popName;
        this.policy = policy;
        this.generation = generation;
    }

    long generation() {
        return generation;
    }

    static Frame refusal(Refusal refusal, String detail) {
        return Frame.newBuilder()
                .setWelcome(Welcome.newBuilder().setRefusal(refusal).setDetail(detail))
                .build();
    }

    void welcome(AttachedSite site, long wallMs) {
        send(
                site,
                Frame.newBuilder()
                        .setWelcome(
                                Welcome.newBuilder()
                                        .setPopName(popName)
                                        .setGeneration(generation)));
        send(site, Frame.newBuilder().setClock(Clock.newBuilder().setTimeMs(wallMs)));
    }

    /** Sends everything; the end follows at once, or when {@link #onComplete} is called. */
    void sendState(
            AttachedSite site, long request, Collection<AttachedSite> sites, boolean isComplete) {
        send(site, directory(site, sites));
        for (AttachedSite other : sites) {
            if (other != site && other.prefixes() != null) {
                send(site, routes(other));
            }
        }
        if (isComplete) {
            send(site, end(request));
        } else {
            waiting.put(site, request);
        }
    }

    /** The state is whole now: who asked may know. */
    void onComplete() {
        waiting.forEach((site, request) -> send(site, end(request)));
        waiting.clear();
    }

    void onClosed(AttachedSite site) {
        waiting.remove(site);
    }

    /**
     * Presence, links or endpoints of sites changed.
     *
     * @param present those that came or left
     */
    void onChanged(Collection<AttachedSite> present, Collection<AttachedSite> sites) {
        generation++;
        for (AttachedSite site : sites) {
            if (site.connection() == null) {
                continue;
            }
            for (AttachedSite changed : present) {
                if (site != changed) {
                    send(site, presence(changed));
                }
            }
            send(site, directory(site, sites));
        }
    }

    /** The node drains: the site is to attach to another one. */
    void askToLeave(AttachedSite site) {
        send(site, Frame.newBuilder().setLeave(Leave.getDefaultInstance()));
    }

    /** The account allows something else from now on. */
    void onPolicy(AccountPolicy changed, Collection<AttachedSite> sites) {
        policy = changed;
        generation++;
        sites.forEach(site -> send(site, directory(site, sites)));
    }

    void onRoutes(AttachedSite changed, Collection<AttachedSite> sites) {
        generation++;
        for (AttachedSite site : sites) {
            if (site != changed) {
                send(site, routes(changed));
            }
        }
    }

    private Frame.Builder directory(AttachedSite receiver, Collection<AttachedSite> sites) {
        Directory.Builder directory = Directory.newBuilder().setGeneration(generation);
        for (AttachedSite site : sites) {
            Site allowed = policy.apply(receiver.id(), site.asSite());
            directory.addSites(SiteMessages.entry(allowed));
        }
        return Frame.newBuilder().setDirectory(directory);
    }

    private Frame.Builder presence(AttachedSite site) {
        return Frame.newBuilder()
                .setPresence(
                        Presence.newBuilder()
                                .setGeneration(generation)
                                .setSiteId(site.id())
                                .setAttached(site.isAttached()));
    }

    private Frame.Builder routes(AttachedSite site) {
        return Frame.newBuilder()
                .setRoutes(
                        Routes.newBuilder()
                                .setGeneration(generation)
                                .setSiteId(site.id())
                                .addAllPrefixes(
                                        site.prefixes().stream()
                                                .map(WirePrefixes::message)
                                                .toList()));
    }

    private Frame.Builder end(long request) {
        return Frame.newBuilder()
                .setEndOfState(
                        EndOfState.newBuilder().setGeneration(generation).setRequest(request));
    }

    private static void send(AttachedSite site, Frame.Builder frame) {
        if (site.connection() != null) {
            site.connection().send(frame.build());
        }
    }
}
