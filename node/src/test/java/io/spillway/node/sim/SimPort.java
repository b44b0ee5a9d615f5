package io.spillway.node.sim;

import io.spillway.tap.Errno;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.Gather;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** A LAN port without a kernel: frames of a simulated host in, frames for it out. */
final class SimPort implements FrameDevice {
    private static final int QUEUE_MAX = 500; // a TAP's default txqueuelen

    private final String name;
    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private Consumer<byte[]> host = _ -> {};

    SimPort(String name) {
        this.name = name;
    }

    void attach(Consumer<byte[]> attached) {
        host = attached;
    }

    /** A frame from the LAN; lost when nobody reads for long. */
    void offer(byte[] frame) {
        if (queue.size() < QUEUE_MAX) {
            queue.add(frame);
        }
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int read(long address, int length) {
        byte[] frame = queue.poll();
        if (frame == null) {
            return -Errno.EAGAIN;
        }
        memory.wrap(address, length);
        memory.putBytes(0, frame);
        return frame.length;
    }

    @Override
    public int write(Gather pieces) {
        byte[] frame = new byte[pieces.length()];
        int at = 0;
        for (int i = 0; i < pieces.count(); i++) {
            int length = pieces.pieceLength(i);
            memory.wrap(pieces.pieceAddress(i), length);
            memory.getBytes(0, frame, at, length);
            at += length;
        }
        host.accept(frame);
        return frame.length;
    }

    @Override
    public boolean hasVnetHeader() {
        return false;
    }

    @Override
    public int offloads() {
        return 0;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        queue.clear();
    }
}
