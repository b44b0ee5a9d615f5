package io.spillway.dataplane.sim;

import io.spillway.tap.Errno;
import io.spillway.tap.FrameDevice;
import io.spillway.tap.Gather;
import io.spillway.tap.VirtioNetHeader;
import java.util.ArrayDeque;

/** A TAP or TUN whose far side is the test. */
public final class SimulatedPort implements FrameDevice {
    private final ArrayDeque<byte[]> toRead = new ArrayDeque<>();
    private final ArrayDeque<byte[]> written = new ArrayDeque<>();
    private final boolean hasVnetHeader;
    private int offloads;
    private int readError;
    private int writeError;

    public SimulatedPort(boolean hasVnetHeader) {
        this.hasVnetHeader = hasVnetHeader;
    }

    /** Takes frames with these TUN_F_ offloads from now on. */
    public void offer(int granted) {
        offloads = granted;
    }

    /** A frame that the next read brings; a virtio-net header of zeros is put in front. */
    public void deliver(byte[] frame) {
        byte[] raw = new byte[headerLength() + frame.length];
        System.arraycopy(frame, 0, raw, headerLength(), frame.length);
        toRead.add(raw);
    }

    /** Exactly these bytes, virtio-net header included. */
    public void deliverRaw(byte[] bytes) {
        toRead.add(bytes);
    }

    /** The oldest frame written, its virtio-net header off; null when there is none. */
    public byte[] take() {
        byte[] frame = written.poll();
        return frame == null ? null : Sim.behind(frame, headerLength());
    }

    public int writtenCount() {
        return written.size();
    }

    public int unreadCount() {
        return toRead.size();
    }

    /** The next read gives this error number once. */
    public void failRead(int errno) {
        readError = errno;
    }

    /** Every write gives this error number; 0 ends that. */
    public void failWrites(int errno) {
        writeError = errno;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public int read(long address, int length) {
        if (readError != 0) {
            int error = readError;
            readError = 0;
            return -error;
        }
        byte[] frame = toRead.poll();
        if (frame == null) {
            return -Errno.EAGAIN;
        }
        Sim.write(frame, address);
        return frame.length;
    }

    @Override
    public int write(Gather frame) {
        if (writeError != 0) {
            return -writeError;
        }
        written.add(Sim.read(frame));
        return frame.length();
    }

    @Override
    public boolean hasVnetHeader() {
        return hasVnetHeader;
    }

    @Override
    public int offloads() {
        return offloads;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public void close() {}

    private int headerLength() {
        return hasVnetHeader ? VirtioNetHeader.LENGTH : 0;
    }
}
