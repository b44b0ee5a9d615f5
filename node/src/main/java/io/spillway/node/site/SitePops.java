package io.spillway.node.site;

import io.spillway.control.event.EventDraft;
import io.spillway.control.event.EventField;
import io.spillway.control.event.EventType;
import io.spillway.control.pop.PopAction;
import io.spillway.control.pop.PopChoice;
import io.spillway.node.channel.EndpointText;
import io.spillway.node.tunnel.ManagedTunnel;
import io.spillway.node.tunnel.TunnelKeeper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The site's tunnels to PoP nodes: those to the one in use, and, while another is tried or was just
 * left, those to that one as well. {@link PopChoice} decides, this does. Owned by control.
 */
final class SitePops {
    private static final Logger LOG = LoggerFactory.getLogger(SitePops.class);

    private final SiteSetup setup;
    private final PopChannel channel;
    private final Consumer<EventDraft> events;
    private final PopChoice choice;
    private final Map<Integer, PopAttachment> attachments = new TreeMap<>();
    private TunnelKeeper keeper;
    private IntUnaryOperator linkMtus;
    private int inUse;
    private boolean hasChanged;
    private long nowNs;

    SitePops(
            SiteSetup setup,
            PopChannel channel,
            Consumer<EventDraft> events,
            RandomGenerator random,
            long nowNs) {
        this.setup = setup;
        this.channel = channel;
        this.events = events;
        this.nowNs = nowNs;
        List<String> names = setup.pops().stream().map(PopAddress::name).toList();
        choice = new PopChoice(names, setup.popChoice(), random, nowNs);
    }

    /**
     * Opens the tunnels to the first of the list.
     *
     * @param mtus by link, the largest IP packet that it takes now, bytes
     */
    void start(TunnelKeeper tunnelKeeper, IntUnaryOperator mtus) {
        keeper = tunnelKeeper;
        linkMtus = mtus;
        act(choice.start());
    }

    /** All there are, whatever for. */
    List<ManagedTunnel> tunnels() {
        return attachments.values().stream().flatMap(it -> it.tunnels().stream()).toList();
    }

    /** Those that live of the node in use. */
    List<ManagedTunnel> alive() {
        return attachments.get(inUse).alive();
    }

    /** A tunnel to any PoP node lives. */
    boolean isAnyAlive() {
        return attachments.values().stream().anyMatch(PopAttachment::isAlive);
    }

    /** The same of the node in use. */
    boolean isAlive() {
        return attachments.get(inUse).isAlive();
    }

    PopChoice choice() {
        return choice;
    }

    PopAddress inUse() {
        return setup.pops().get(inUse);
    }

    /** The one whose tunnels are tried; null: none. */
    PopAddress tried() {
        return choice.tried() < 0 ? null : setup.pops().get(choice.tried());
    }

    /** Whether packets leave by another node's tunnels since this was asked last. */
    boolean takeChange() {
        boolean taken = hasChanged;
        hasChanged = false;
        return taken;
    }

    void poll(long now) {
        nowNs = now;
        List<Integer> alive = new ArrayList<>();
        attachments.forEach(
                (node, attachment) -> {
                    if (attachment.poll(now)) {
                        channel.goBy(node, attachment.channelLinks().order());
                    }
                    if (attachment.isAlive()) {
                        alive.add(node);
                    }
                });
        act(choice.onAlive(alive, now));
        act(choice.onTick(now));
    }

    /** The node of the channel has told its whole state. */
    void onStateTold(int node) {
        act(choice.onStateTold(node, nowNs));
    }

    /** The node of the channel drains. */
    void onLeave(int node) {
        LOG.info("PoP {} drains", describe(node));
        act(choice.onDrain(node, nowNs));
    }

    private void act(List<PopAction> actions) {
        for (PopAction action : actions) {
            switch (action) {
                case PopAction.Open open -> attachments.computeIfAbsent(open.node(), this::open);
                case PopAction.Close close -> close(close.node());
                case PopAction.Use use -> {
                    inUse = use.node();
                    hasChanged = true;
                }
                case PopAction.Channel to -> channel.follow(to.node());
                case PopAction.Changed changed -> onChanged(changed);
                case PopAction.Log line -> LOG.info("{}", line.line());
            }
        }
    }

    private PopAttachment open(int node) {
        PopAddress pop = setup.pops().get(node);
        PopAttachment opened = new PopAttachment(pop, setup, keeper, linkMtus, nowNs);
        channel.goBy(node, opened.channelLinks().order());
        return opened;
    }

    private void close(int node) {
        PopAttachment closed = attachments.remove(node);
        if (closed != null) {
            closed.close();
        }
    }

    private void onChanged(PopAction.Changed changed) {
        String why = changed.why().text();
        LOG.info("PoP: {} -> {}: {}", describe(changed.from()), describe(changed.to()), why);
        events.accept(
                new EventDraft(
                        EventType.CHANGED_POP,
                        "Changed PoP from %s to %s: %s"
                                .formatted(describe(changed.from()), describe(changed.to()), why),
                        Map.of(
                                EventField.SRC_SITE_ID, Long.toUnsignedString(setup.own().id()),
                                EventField.SRC_SITE_NAME, setup.own().name(),
                                EventField.POP_NAME, setup.pops().get(changed.to()).name())));
    }

    private String describe(int node) {
        PopAddress pop = setup.pops().get(node);
        return pop.name() + " at " + EndpointText.of(pop.tunnels().getFirst());
    }
}
