package io.spillway.dataplane.sim;

import io.spillway.tap.DatagramDevice;
import io.spillway.tap.EndpointAddress;
import io.spillway.tap.Errno;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A WAN link that loses, duplicates and delays datagrams on their way out, each by itself. What
 * stays together still leaves as one message of segments.
 *
 * <p>Owned by the data-plane agent; any thread may calm it.
 */
public final class DisturbedLink implements DatagramDevice {
    /**
     * How many of a thousand datagrams suffer.
     *
     * @param refusesSegments whether the link cannot segment, as an old interface
     */
    public record Disturbance(int lost, int duplicated, int late, boolean refusesSegments) {
        public static final Disturbance NONE = new Disturbance(0, 0, 0, false);
    }

    /** Datagrams that may overtake a late one. */
    private static final int OVERTAKING_MAX = 16;

    private static final class Late {
        final UnsafeBuffer datagram;
        final UnsafeBuffer endpoint;
        int overtakingLeft;

        Late(long address, int length, long endpointAddress, int overtakingLeft) {
            datagram = copy(address, length);
            endpoint = copy(endpointAddress, EndpointAddress.LENGTH);
            this.overtakingLeft = overtakingLeft;
        }
    }

    private final DatagramDevice device;
    private final Disturbance disturbance;
    private final SplittableRandom random;
    private final List<Late> waiting = new ArrayList<>();
    private volatile boolean isCalm;
    private volatile long disturbed;
    private volatile int lengthMax;

    public DisturbedLink(DatagramDevice device, Disturbance disturbance, long seed) {
        this.device = device;
        this.disturbance = disturbance;
        random = new SplittableRandom(seed);
    }

    /** Ends the disturbance, or lets it go on. */
    public void calm(boolean calm) {
        isCalm = calm;
    }

    /** Datagrams that suffered. */
    public long disturbed() {
        return disturbed;
    }

    /** Bytes of the longest datagram since {@link #forgetLengths}. */
    public int lengthMax() {
        return lengthMax;
    }

    public void forgetLengths() {
        lengthMax = 0;
    }

    @Override
    public int send(long address, int length, int segmentLength, long endpointAddress) {
        if (segmentLength != 0 && disturbance.refusesSegments) {
            return -Errno.EIO;
        }
        int step = segmentLength == 0 ? length : segmentLength;
        lengthMax = Math.max(lengthMax, step);
        int result = 0;
        int runStart = 0;
        for (int from = 0; from < length; from += step) {
            int datagramLength = Math.min(step, length - from);
            if (isSpared()) {
                continue;
            }
            int before = sendRun(address + runStart, from - runStart, step, endpointAddress);
            int own = disturb(address + from, datagramLength, endpointAddress);
            result = firstError(result, before, own);
            runStart = from + datagramLength;
        }
        int rest = sendRun(address + runStart, length - runStart, step, endpointAddress);
        sendLate((length + step - 1) / step);
        return firstError(result, rest, length);
    }

    /** Of results that are -errno when negative; the last when all are well. */
    private static int firstError(int first, int second, int third) {
        if (first < 0) {
            return first;
        }
        return second < 0 ? second : third;
    }

    private boolean isSpared() {
        return isCalm || random.nextInt(1000) >= all();
    }

    private int all() {
        return disturbance.lost + disturbance.duplicated + disturbance.late;
    }

    /** 0 or -errno. */
    private int sendRun(long address, int length, int step, long endpointAddress) {
        if (length == 0) {
            return 0;
        }
        return Math.min(0, device.send(address, length, length > step ? step : 0, endpointAddress));
    }

    private int disturb(long address, int length, long endpointAddress) {
        disturbed++;
        int fate = random.nextInt(all());
        if (fate < disturbance.lost) {
            return 0;
        }
        if (fate < disturbance.lost + disturbance.duplicated) {
            device.send(address, length, 0, endpointAddress);
            return Math.min(0, device.send(address, length, 0, endpointAddress));
        }
        int overtaking = random.nextInt(1, OVERTAKING_MAX);
        waiting.add(new Late(address, length, endpointAddress, overtaking));
        return 0;
    }

    private void sendLate(int sent) {
        for (Iterator<Late> all = waiting.iterator(); all.hasNext(); ) {
            Late late = all.next();
            late.overtakingLeft -= sent;
            if (late.overtakingLeft <= 0) {
                all.remove();
                UnsafeBuffer datagram = late.datagram;
                long endpoint = late.endpoint.addressOffset();
                device.send(datagram.addressOffset(), datagram.capacity(), 0, endpoint);
            }
        }
    }

    private static UnsafeBuffer copy(long address, int length) {
        UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        copy.putBytes(0, new UnsafeBuffer(address, length), 0, length);
        return copy;
    }

    @Override
    public int fd() {
        return device.fd();
    }

    @Override
    public int receive(long address, int length, long endpointAddress) {
        return device.receive(address, length, endpointAddress);
    }

    @Override
    public int receivedSegmentLength() {
        return device.receivedSegmentLength();
    }

    @Override
    public InetSocketAddress localEndpoint() {
        return device.localEndpoint();
    }

    @Override
    public void close() {
        device.close();
    }
}
