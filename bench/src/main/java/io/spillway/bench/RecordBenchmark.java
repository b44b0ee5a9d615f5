package io.spillway.bench;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.crypto.record.RecordOpener;
import io.spillway.crypto.record.RecordSealer;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One record sealed, and one sealed and opened, with connection ID, off-heap. To open alone is the
 * difference: a record opens only once, so that each needs a fresh one.
 *
 * <p>Run with the flags of {@code jvm.options}; {@code -prof gc} shows the bytes allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RecordBenchmark {
    private static final byte[] CONNECTION_ID = {1, 2, 3, 4};
    private static final int RECORD_ROOM = 128;

    @Param({"openssl", "jce"})
    public String implementation;

    @Param({"AES_128_GCM", "CHACHA20_POLY1305"})
    public RecordSuite suite;

    @Param({"64", "512", "1400"})
    public int length;

    private UnsafeBuffer plaintext;
    private UnsafeBuffer record;
    private RecordCiphers ciphers;
    private RecordSealer sealer;
    private RecordOpener opener;

    @Setup
    public void start() {
        ciphers = RecordCiphers.choose(implementation);
        plaintext = new UnsafeBuffer(ByteBuffer.allocateDirect(length + 1));
        record = new UnsafeBuffer(ByteBuffer.allocateDirect(length + RECORD_ROOM));
        newKeys();
    }

    @TearDown
    public void stop() {
        sealer.close();
        opener.close();
    }

    @Benchmark
    public int seal() {
        if (sealer.isRekeyDue()) {
            stop();
            newKeys();
        }
        return sealer.seal(plaintext, 0, length, record, 0);
    }

    @Benchmark
    public int sealAndOpen() {
        return opener.open(record, 0, seal());
    }

    private void newKeys() {
        byte[] key = new byte[suite.keyLength()];
        byte[] salt = new byte[suite.saltLength()];
        sealer = new RecordSealer(suite, ciphers.create(suite, key), salt, CONNECTION_ID);
        opener = new RecordOpener(suite, ciphers.create(suite, key), salt, CONNECTION_ID);
    }
}
