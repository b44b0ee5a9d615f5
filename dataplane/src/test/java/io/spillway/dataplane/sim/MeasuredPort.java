package io.spillway.dataplane.sim;

import io.spillway.tap.FrameDevice;
import io.spillway.tap.Gather;

/** A port that remembers the longest frames: whether super-frames came and went. */
public final class MeasuredPort implements FrameDevice {
    private final FrameDevice device;
    private volatile int readMax;
    private volatile int writtenMax;

    public MeasuredPort(FrameDevice device) {
        this.device = device;
    }

    /** Bytes of the longest frame read. Any thread. */
    public int readMax() {
        return readMax;
    }

    /** Bytes of the longest frame that the kernel took. Any thread. */
    public int writtenMax() {
        return writtenMax;
    }

    @Override
    public int fd() {
        return device.fd();
    }

    @Override
    public int read(long address, int length) {
        int result = device.read(address, length);
        readMax = Math.max(readMax, result);
        return result;
    }

    @Override
    public int write(Gather frame) {
        int result = device.write(frame);
        writtenMax = Math.max(writtenMax, result);
        return result;
    }

    @Override
    public boolean hasVnetHeader() {
        return device.hasVnetHeader();
    }

    @Override
    public int offloads() {
        return device.offloads();
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public void close() {
        device.close();
    }
}
