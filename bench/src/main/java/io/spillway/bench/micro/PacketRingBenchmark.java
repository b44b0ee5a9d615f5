package io.spillway.bench.micro;

import io.spillway.dataplane.buffer.PacketBuffer;
import io.spillway.dataplane.buffer.PacketPool;
import io.spillway.dataplane.buffer.PacketRing;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One packet offered and polled, by one thread as in threading mode SHARED, a batch in and then
 * out: our ring of slot numbers beside queues of references.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketRingBenchmark {
    private static final int COUNT = 64;
    private static final int CAPACITY = 256;

    private final PacketPool pool = new PacketPool(COUNT);
    private final PacketBuffer[] packets = new PacketBuffer[COUNT];
    private final PacketRing ring = new PacketRing(pool, CAPACITY);
    private final SpscArrayQueue<PacketBuffer> jctools = new SpscArrayQueue<>(CAPACITY);
    private final OneToOneConcurrentArrayQueue<PacketBuffer> agrona =
            new OneToOneConcurrentArrayQueue<>(CAPACITY);

    @Setup
    public void start() {
        for (int i = 0; i < COUNT; i++) {
            packets[i] = pool.acquire();
        }
    }

    @TearDown
    public void stop() {
        pool.close();
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int packetRing() {
        for (PacketBuffer packet : packets) {
            ring.offer(packet);
        }
        int sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += ring.poll().number();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int jctools() {
        for (PacketBuffer packet : packets) {
            jctools.offer(packet);
        }
        int sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += jctools.poll().number();
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public int agrona() {
        for (PacketBuffer packet : packets) {
            agrona.offer(packet);
        }
        int sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += agrona.poll().number();
        }
        return sum;
    }
}
