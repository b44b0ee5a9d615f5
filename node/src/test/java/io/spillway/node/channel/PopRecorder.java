package io.spillway.node.channel;

import io.spillway.control.wire.Frame;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Keeps what a PoP hears, in order of each kind. */
final class PopRecorder implements ChannelServerListener {
    final BlockingQueue<ChannelConnection> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

    @Override
    public void onAccepted(ChannelConnection connection) {
        accepted.add(connection);
    }

    @Override
    public void onFrame(ChannelConnection connection, Frame frame) {
        frames.add(frame);
    }

    @Override
    public void onClosed(ChannelConnection connection, String reason) {
        closed.add(reason);
    }
}
