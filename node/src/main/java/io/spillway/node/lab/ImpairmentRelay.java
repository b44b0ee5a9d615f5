package io.spillway.node.lab;

import io.spillway.tap.Gather;
import io.spillway.tap.Layer;
import io.spillway.tap.TapConfig;
import io.spillway.tap.TapDevice;
import io.spillway.tap.ThreadPriority;
import io.spillway.tap.ThreadSleep;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes the lab's Internet slow, lossy or confusing, where the kernel has no netem: whatever it
 * forwards leaves the kernel by a TUN device, waits here, and goes on.
 *
 * <pre>
 *   to-berlin ─▶ route ─▶ impair (TUN) ─▶ DelayLine ─▶ impair ─▶ route ─▶ cut ─▶ to-london
 * </pre>
 *
 * <p>A drop rule of {@link Cutter} meets packets on both sides of the line, so a cut is one at its
 * end too. Its thread is ahead of all others: an Internet does not wait for a core.
 */
final class ImpairmentRelay implements HostJob, AutoCloseable {
    static final String DEVICE = "impair";

    /** A third of a second of 200,000 packets a second; 128 MiB, touched only as far as needed. */
    private static final int CAPACITY = 1 << 16;

    private static final int READS_MAX = 64;

    /** What a packet may take longer for being looked at with others. */
    private static final long TICK_NS = 500_000;

    private static final int NICE = -20;
    private static final long OPEN_SECONDS = 10;
    private static final String TABLE = "77";

    private final LabNetwork network;
    private final SplittableRandom random;
    private final AtomicReference<Impairments> impairments =
            new AtomicReference<>(Impairments.everywhere(Impairment.NONE));
    private final CountDownLatch isOpened = new CountDownLatch(1);
    private final AtomicLong overflows = new AtomicLong();
    private final AtomicLong longestStallNs = new AtomicLong();
    private final HostThreads threads = new HostThreads();
    private boolean isStarted;
    private volatile boolean isRunning = true;

    ImpairmentRelay(LabNetwork network, long seed) {
        this.network = network;
        this.random = new SplittableRandom(seed);
    }

    /** From now on; the first time, all traffic is led through here. From one thread. */
    void set(Impairments now) throws IOException {
        impairments.set(now);
        if (isStarted) return;
        isStarted = true;
        threads.start(network.namespacePath(LabSite.INTERNET_NAMESPACE), this);
        awaitDevice();
        leadThrough();
    }

    /** Packets for which there was no room since the start. */
    long overflows() {
        return overflows.get();
    }

    /**
     * The longest time in which its thread could not look at its packets, since the last call: what
     * a loaded machine adds to the delay.
     */
    long takeLongestStallNs() {
        return longestStallNs.getAndSet(0);
    }

    /** Errors that ended it. */
    List<String> failures() {
        return threads.failures();
    }

    private void awaitDevice() throws IOException {
        try {
            if (isOpened.await(OPEN_SECONDS, TimeUnit.SECONDS) && failures().isEmpty()) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("no impaired paths: " + failures());
    }

    /** What comes from here takes the ordinary routes, everything else comes here. */
    private void leadThrough() throws IOException {
        String inet = LabSite.INTERNET_NAMESPACE;
        network.in(inet, "sysctl -qw net.ipv6.conf." + DEVICE + ".disable_ipv6=1");
        network.in(inet, "sysctl -qw net.ipv4.conf.all.rp_filter=0");
        network.in(inet, "sysctl -qw net.ipv4.conf." + DEVICE + ".rp_filter=0");
        network.in(inet, "ip link set " + DEVICE + " up txqueuelen 100000");
        network.in(inet, "ip route add default dev " + DEVICE + " table " + TABLE);
        network.in(inet, "ip rule add pref 10 iif " + DEVICE + " lookup main");
        network.in(inet, "ip rule add pref 20 lookup " + TABLE);
    }

    @Override
    public String jobName() {
        return DEVICE;
    }

    @Override
    public void run() throws IOException {
        try (TapDevice device = TapDevice.open(new TapConfig(DEVICE, Layer.IP, false, 0, false))) {
            ThreadPriority.nice(NICE);
            isOpened.countDown();
            relay(device, new DelayLine(CAPACITY), new ThreadSleep());
        } finally {
            isOpened.countDown();
        }
    }

    private void relay(TapDevice device, DelayLine line, ThreadSleep sleep) {
        Gather gather = new Gather(1);
        long lookedNs = System.nanoTime();
        while (isRunning) {
            long nowNs = System.nanoTime();
            longestStallNs.accumulateAndGet(nowNs - lookedNs, Math::max);
            lookedNs = nowNs;
            int work = read(device, line) + writeDue(device, line, gather);
            if (work < READS_MAX) sleep.sleep(TICK_NS);
        }
    }

    private int read(TapDevice device, DelayLine line) {
        for (int i = 0; i < READS_MAX; i++) {
            if (line.isFull()) {
                overflows.incrementAndGet(); // it waits in the device's queue, whose end is dropped
                return i;
            }
            int length = device.read(line.incomingAddress(), DelayLine.PACKET_LENGTH_MAX);
            if (length <= 0) return i;
            impair(line, length, System.nanoTime());
        }
        return READS_MAX;
    }

    private void impair(DelayLine line, int length, long nowNs) {
        Impairment of = impairments.get().of(line);
        if (happens(of.loss())) return;
        long throughNs = of.bottleneck() == null ? 0 : of.bottleneck().pass(length, nowNs);
        if (throughNs == Bottleneck.FULL) return;
        if (happens(of.duplicate())) {
            line.addCopy(length, dueNs(of, nowNs + throughNs));
        }
        line.add(length, dueNs(of, nowNs + throughNs));
    }

    private long dueNs(Impairment of, long nowNs) {
        long jitterNs = of.jitterNs() == 0 ? 0 : random.nextLong(-of.jitterNs(), of.jitterNs() + 1);
        long lateNs = happens(of.reorder()) ? of.heldBackNs() : 0;
        return nowNs + of.delayNs() + jitterNs + lateNs;
    }

    private boolean happens(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    private static int writeDue(TapDevice device, DelayLine line, Gather gather) {
        int count = 0;
        for (long nowNs = System.nanoTime(); count < READS_MAX && line.isDue(nowNs); count++) {
            gather.clear();
            gather.add(line.address(), line.length());
            device.write(gather);
            line.remove();
        }
        return count;
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public void close() {
        threads.close();
    }
}
