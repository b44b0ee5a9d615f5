package io.spillway.node.sim;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.Refusal;
import io.spillway.control.wire.Welcome;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireException;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.PeerIdentity;
import io.spillway.node.pop.SiteConnection;
import io.spillway.node.site.PopChannel;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The control channel of one site, to one PoP node at a time: connects by itself, carries encoded
 * frames with a delay, and dies of silence as the real one does. Its path is cut apart from the
 * data's.
 */
public final class SimChannel implements PopChannel {
    private static final long DELAY_NS = 12_000_000L;
    private static final long CONNECT_NS = 40_000_000L;
    private static final long RETRY_NS = 2_000_000_000L;
    private static final long IDLE_TIMEOUT_NS = 15_000_000_000L;
    private static final int NONE = -1;

    private record Flight(long arrivalNs, byte[] bytes) {}

    private final SimWorld world;
    private final SimClock clock;
    private final PeerIdentity own;
    private final ArrayDeque<Flight> toPop = new ArrayDeque<>();
    private final ArrayDeque<Flight> toSite = new ArrayDeque<>();
    private SimSite site;
    private int node;
    private int next = NONE;
    private Line line;
    private long connectAtNs;
    private long silentSinceNs;
    private final Set<Integer> cutNodes = new HashSet<>();
    private boolean isCut;
    private boolean isClosed;
    private long routeBytes;
    private Line orphan;
    private long orphanedNs;

    SimChannel(SimWorld world, PeerIdentity own) {
        this.world = world;
        clock = world.clock();
        this.own = own;
        connectAtNs = clock.nanoTime() + CONNECT_NS;
    }

    void join(SimSite newSite) {
        site = newSite;
    }

    private SimPop pop() {
        return world.pop(node);
    }

    private boolean isCutTo(int other) {
        return isCut || cutNodes.contains(other);
    }

    /** The node that it is, or is being, connected to. */
    int node() {
        return node;
    }

    @Override
    public void follow(int other) {
        next = NONE;
        if (other == node) {
            return;
        }
        connectAtNs = clock.nanoTime() + CONNECT_NS;
        if (line == null) {
            node = other;
        } else {
            next = other;
        }
    }

    @Override
    public void goBy(int other, List<Integer> links) {
        // One way leads to each node.
    }

    @Override
    public void ask() {
        // No router on its way forgets it.
    }

    @Override
    public int link() {
        return isOpen() ? 0 : -1;
    }

    /** Silently: both ends find out by time-out. */
    public void cut(boolean nowCut) {
        isCut = nowCut;
    }

    /** The way to one of the nodes alone. */
    void cut(int other, boolean nowCut) {
        if (nowCut) {
            cutNodes.add(other);
        } else {
            cutNodes.remove(other);
        }
    }

    public boolean isOpen() {
        return line != null;
    }

    /** That either end sent about routes, so far. */
    public long routeBytes() {
        return routeBytes;
    }

    private byte[] encode(Frame frame) {
        byte[] bytes = WireCodec.encode(frame);
        routeBytes += frame.hasRouteAdvert() || frame.hasRoutes() ? bytes.length : 0;
        return bytes;
    }

    /** As if the site had said it. */
    public void say(Frame frame) {
        send(frame);
    }

    @Override
    public boolean hasRoom() {
        return line != null;
    }

    @Override
    public boolean send(Frame frame) {
        if (line == null) {
            return false;
        }
        toPop.add(new Flight(clock.nanoTime() + DELAY_NS, encode(frame)));
        return true;
    }

    /** The site's process died: its kernel tells the PoP, unless the path is cut. */
    void onSiteKilled() {
        isClosed = true;
        if (line != null && !isCutTo(node) && pop().isRunning()) {
            end();
        } else if (line != null) {
            orphan = line; // the PoP goes on believing in it
            orphanedNs = clock.nanoTime();
            line = null;
        }
    }

    /** The PoP's process died: its kernel tells the site, unless the path is cut. */
    void onPopKilled(int killed) {
        if (killed != node) {
            return;
        }
        orphan = null;
        if (line != null && !isCutTo(node)) {
            line = null;
            disconnectSite();
        }
    }

    void poll() {
        long nowNs = clock.nanoTime();
        endOrphan(nowNs);
        boolean canTalk = !isCutTo(node) && pop().isRunning() && site.isRunning();
        if (next != NONE && nowNs - connectAtNs >= 0) {
            moveOn(nowNs);
        }
        if (line == null) {
            if (canTalk && !isClosed && nowNs - connectAtNs >= 0) {
                connect(nowNs);
            }
            return;
        }
        if (canTalk && !line.isOf(pop())) { // another process by now: reset at the first packet
            line = null;
            disconnectSite();
        } else if (canTalk) {
            silentSinceNs = nowNs;
            deliver(nowNs);
        } else if (nowNs - silentSinceNs >= IDLE_TIMEOUT_NS) {
            end();
        }
    }

    private void endOrphan(long nowNs) {
        if (orphan != null && nowNs - orphanedNs >= IDLE_TIMEOUT_NS && pop().isRunning()) {
            Line ended = orphan;
            orphan = null;
            if (ended.isOf(pop())) {
                pop().onClosed(ended);
            }
        }
    }

    boolean isRivalOf(SimChannel candidate, SimSite other) {
        return isOpen()
                && candidate.node == node
                && site.id() == other.id()
                && !site.identity.certificate().equals(other.identity.certificate());
    }

    /** The new one stands before the old one ends. */
    private void moveOn(long nowNs) {
        SimPop target = world.pop(next);
        if (isCutTo(next) || !target.isRunning() || !site.isRunning()) {
            connectAtNs = nowNs + RETRY_NS;
            return;
        }
        int chosen = next;
        next = NONE;
        if (line != null) {
            end();
        }
        node = chosen;
        connect(nowNs);
    }

    private void connect(long nowNs) {
        if (world.hasRival(this, site)) {
            refuse(nowNs);
            return;
        }
        line = new Line(pop().control());
        silentSinceNs = nowNs;
        site.execute(control -> control.onChannelConnected(node));
    }

    private void refuse(long nowNs) {
        Welcome.Builder welcome =
                Welcome.newBuilder()
                        .setRefusal(Refusal.REFUSAL_DUPLICATE_SITE_ID)
                        .setDetail("another machine uses this ID");
        Frame frame = Frame.newBuilder().setWelcome(welcome).build();
        site.execute(control -> control.onFrame(frame));
        connectAtNs = nowNs + RETRY_NS;
    }

    private void deliver(long nowNs) {
        while (line != null && !toPop.isEmpty() && nowNs - toPop.peek().arrivalNs() >= 0) {
            Frame frame = decode(toPop.poll().bytes(), WireSender.SITE);
            Line speaking = line;
            pop().execute(control -> control.onFrame(speaking, frame));
        }
        while (line != null && !toSite.isEmpty() && nowNs - toSite.peek().arrivalNs() >= 0) {
            Frame frame = decode(toSite.poll().bytes(), WireSender.POP);
            site.execute(control -> control.onFrame(frame));
        }
        if (line != null && line.isClosing && toSite.isEmpty()) {
            end();
        }
    }

    private void end() {
        Line ended = line;
        line = null;
        if (ended.isOf(pop())) {
            pop().onClosed(ended);
        }
        disconnectSite();
    }

    private void disconnectSite() {
        toPop.clear();
        toSite.clear();
        connectAtNs = clock.nanoTime() + RETRY_NS;
        site.execute(control -> control.onChannelDisconnected());
    }

    private static Frame decode(byte[] bytes, WireSender sender) {
        try {
            return WireCodec.decode(bytes, sender);
        } catch (WireException e) {
            throw new AssertionError("our own frame was refused", e);
        }
    }

    /** One connection, as the PoP holds it. */
    private final class Line implements SiteConnection {
        private final Object popProcess;
        private boolean isClosing;

        private Line(Object popProcess) {
            this.popProcess = popProcess;
        }

        private boolean isOf(SimPop now) {
            return now.control() == popProcess;
        }

        @Override
        public PeerIdentity peer() {
            return own;
        }

        @Override
        public boolean send(Frame frame) {
            if (line != this || isClosing) {
                return false;
            }
            toSite.add(new Flight(clock.nanoTime() + DELAY_NS, encode(frame)));
            return true;
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void close(String why) {
            isClosing = true;
        }
    }
}
