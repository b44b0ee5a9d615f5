package io.spillway.node.site;

import io.spillway.control.directory.Link;
import io.spillway.control.directory.PeerDirectory;
import io.spillway.control.directory.Site;
import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventType;
import io.spillway.control.event.InternetEvents;
import io.spillway.control.recovery.InternetAction;
import io.spillway.control.recovery.InternetEvent;
import io.spillway.control.recovery.InternetMachine;
import io.spillway.control.recovery.InternetState;
import io.spillway.dataplane.observe.TrafficCounter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's traffic to the Internet: tells the machine what happens, does what it decides, and tells
 * of it in events. Owned by the control thread.
 */
final class SiteInternet {
    private static final Logger LOG = LoggerFactory.getLogger(SiteInternet.class);

    private final SiteSetup setup;
    private final PeerDirectory directory;
    private final InternetMachine machine;
    private final InternetWay way;
    private final InternetEvents events;
    private final TrafficCounter direct;
    private final Consumer<EventDraft> journal;
    private final Runnable moved;
    private final Set<Integer> down = new HashSet<>();
    private final Set<Integer> withoutAddress = new HashSet<>();
    private final Set<Integer> withoutRoute = new HashSet<>();
    private InternetEvents.Egress egress; // the last
    private long nowNs;

    /**
     * @param moved what leaves takes another way with the next publication
     */
    SiteInternet(
            SiteSetup setup,
            PeerDirectory directory,
            SiteControl.Surroundings around,
            Consumer<EventDraft> journal,
            Runnable moved,
            long nowNs) {
        this.setup = setup;
        this.directory = directory;
        this.journal = journal;
        this.moved = moved;
        this.nowNs = nowNs;
        way = around.internet();
        direct = around.dataPlane().directInternet();
        machine = new InternetMachine(setup.internet(), around.random(), nowNs);
        events =
                new InternetEvents(
                        setup.own().id(),
                        setup.own().name(),
                        around.journal().last(EventType.INTERNET_RECOVERY),
                        nowNs);
    }

    boolean isUsed() {
        return setup.internet().isUsed();
    }

    /** Packets leave by a link of our own. */
    boolean isDirect() {
        return machine.isDirect();
    }

    /** Packets leave by a link of our own, or would without a cloud. */
    boolean leadsOut() {
        return machine.isDirect() || machine.link() != InternetMachine.NONE;
    }

    InternetMachine machine() {
        return machine;
    }

    void poll(long now) {
        nowNs = now;
        if (!isUsed()) {
            return;
        }
        tell(new InternetEvent.Tick(), now);
        boolean isByCloud = machine.state() == InternetState.CLOUD;
        noteEgress();
        events.poll(direct.packets(), isByCloud, egress, now).ifPresent(journal);
    }

    void onCloud(boolean isAlive, long now) {
        tell(isAlive ? new InternetEvent.CloudAlive() : new InternetEvent.CloudLost(), now);
    }

    /** The PoP's state on this channel is complete. */
    void onPopTold(long now) {
        tell(new InternetEvent.PopTold(), now);
    }

    void onChannelLost(long now) {
        tell(new InternetEvent.ChannelLost(), now);
    }

    void returnNow(long now) {
        tell(new InternetEvent.ReturnNow(), now);
    }

    void onLink(int link, boolean isUp, long now) {
        note(down, link, !isUp, now);
    }

    void onAddress(int link, boolean isThere, long now) {
        note(withoutAddress, link, !isThere, now);
    }

    void onDefaultRoute(int link, boolean isThere, long now) {
        note(withoutRoute, link, !isThere, now);
    }

    private void note(Set<Integer> links, int link, boolean isIn, long now) {
        if (isIn) {
            links.add(link);
        } else {
            links.remove(link);
        }
        boolean isUsable =
                !down.contains(link)
                        && !withoutAddress.contains(link)
                        && !withoutRoute.contains(link);
        tell(new InternetEvent.LinkUsable(link, isUsable), now);
    }

    private void tell(InternetEvent event, long now) {
        nowNs = now;
        machine.on(event, now).forEach(this::act);
    }

    private void act(InternetAction action) {
        switch (action) {
            case InternetAction.Lead lead ->
                    way.lead(
                            lead.link(),
                            isLed -> tell(new InternetEvent.Led(lead.link(), isLed), nowNs));
            case InternetAction.Move _ -> moved.run();
            case InternetAction.Log line -> LOG.info("{}", line.line());
        }
    }

    private void noteEgress() {
        int link = machine.link();
        if (isDirect() && link != InternetMachine.NONE) {
            String address = publicAddress(link);
            egress =
                    new InternetEvents.Egress(
                            link, setup.linkName(link), address == null ? "" : address);
        }
    }

    /** Of a link, as the Internet sees it, or its own while nobody has said so; null: unknown. */
    String publicAddress(int link) {
        Site own = directory.ownAtPop() == null ? directory.own() : directory.ownAtPop();
        for (Link each : own.links()) {
            if (each.index() == link) {
                InetSocketAddress outside = each.endpoints().outside();
                return text(outside == null ? each.endpoints().local() : outside);
            }
        }
        return null;
    }

    private static String text(InetSocketAddress endpoint) {
        InetAddress address = endpoint == null ? null : endpoint.getAddress();
        return address == null ? null : address.getHostAddress();
    }
}
