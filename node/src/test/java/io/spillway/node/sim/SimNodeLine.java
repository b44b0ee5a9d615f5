package io.spillway.node.sim;

import io.spillway.control.wire.Frame;
import io.spillway.control.wire.WireCodec;
import io.spillway.control.wire.WireException;
import io.spillway.control.wire.WireSender;
import io.spillway.crypto.PeerIdentity;
import io.spillway.node.pop.SiteConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The control channel between two PoP nodes: connects by itself, carries frames with a delay. */
final class SimNodeLine {
    private static final long DELAY_NS = 6_000_000L;
    private static final long CONNECT_NS = 40_000_000L;

    private record Flight(long arrivalNs, byte[] bytes) {}

    private final SimWorld world;
    private final int low;
    private final int high;
    private List<End> ends = List.of();
    private long connectAtNs;
    private boolean isCut;

    SimNodeLine(SimWorld world, int low, int high) {
        this.world = world;
        this.low = low;
        this.high = high;
        connectAtNs = world.clock().nanoTime() + CONNECT_NS;
    }

    /** As if that node had said it to the other. */
    void say(SimPop from, Frame frame) {
        ends.stream().filter(end -> end.of == from).forEach(end -> end.send(frame));
    }

    /** As a firewall between them that lets nothing pass, not even resets, but that both know. */
    void cut(boolean nowCut) {
        isCut = nowCut;
        if (isCut) {
            close();
        }
    }

    void poll() {
        SimPop one = world.pop(low);
        SimPop other = world.pop(high);
        boolean canTalk = one.isRunning() && other.isRunning() && !isCut;
        if (!ends.isEmpty() && ends.stream().anyMatch(end -> end.of.isDead() || end.isClosing)) {
            close();
        } else if (ends.isEmpty()) {
            if (canTalk && world.clock().nanoTime() - connectAtNs >= 0) {
                connect(one, other);
            }
        } else if (canTalk) {
            ends.forEach(End::deliver);
        }
    }

    private void connect(SimPop one, SimPop other) {
        End first = new End(one, other.identity);
        End second = new End(other, one.identity);
        first.far = second;
        second.far = first;
        ends = List.of(first, second);
        ends.forEach(end -> end.of.execute(control -> control.onNodeConnected(end)));
    }

    private void close() {
        List<End> closed = new ArrayList<>(ends);
        ends = List.of();
        connectAtNs = world.clock().nanoTime() + CONNECT_NS;
        for (End end : closed) {
            end.isClosing = true;
            if (!end.of.isDead()) {
                end.of.onClosed(end);
            }
        }
    }

    /** One connection, as one node holds it. */
    private final class End implements SiteConnection {
        private final SimPop of;
        private final PeerIdentity peer;
        private final ArrayDeque<Flight> arriving = new ArrayDeque<>();
        private End far;
        private boolean isClosing;

        private End(SimPop of, PeerIdentity peer) {
            this.of = of;
            this.peer = peer;
        }

        @Override
        public PeerIdentity peer() {
            return peer;
        }

        @Override
        public boolean send(Frame frame) {
            if (isClosing) {
                return false;
            }
            byte[] bytes = WireCodec.encode(frame);
            far.arriving.add(new Flight(world.clock().nanoTime() + DELAY_NS, bytes));
            return true;
        }

        @Override
        public boolean hasRoom() {
            return !isClosing;
        }

        @Override
        public void close(String reason) {
            isClosing = true;
        }

        private void deliver() {
            long nowNs = world.clock().nanoTime();
            while (!arriving.isEmpty() && nowNs - arriving.peek().arrivalNs() >= 0) {
                Frame frame = decode(arriving.poll().bytes());
                of.execute(control -> control.onFrame(this, frame));
            }
        }

        private static Frame decode(byte[] bytes) {
            try {
                return WireCodec.decode(bytes, WireSender.NODE);
            } catch (WireException e) {
                throw new AssertionError("our own frame was refused", e);
            }
        }
    }
}
