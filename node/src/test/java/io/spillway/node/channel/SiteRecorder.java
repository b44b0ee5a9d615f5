package io.spillway.node.channel;

import io.spillway.control.wire.Frame;
import io.spillway.crypto.PeerIdentity;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what a site hears, in order of each kind. */
final class SiteRecorder implements ChannelListener {
    final BlockingQueue<PeerIdentity> connected = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final BlockingQueue<String> disconnected = new LinkedBlockingQueue<>();

    @Override
    public void onConnected(PeerIdentity pop) {
        connected.add(pop);
    }

    @Override
    public void onFrame(Frame frame) {
        frames.add(frame);
    }

    @Override
    public void onDisconnected(String reason) {
        disconnected.add(reason);
    }
}
