package io.spillway.bench.micro;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.crypto.record.RecordSealer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One record sealed, with connection ID, from one off-heap area into another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordSealBenchmark {
    private static final byte[] CONNECTION_ID = {1, 2, 3, 4};

    @Param({"ipsec-mb", "openssl", "jce"})
    public String cipher;

    @Param("AES_128_GCM")
    public RecordSuite suite;

    @Param({"64", "512", "1400", "8192"})
    public int length;

    private RecordCiphers ciphers;
    private RecordRing ring;
    private RecordSealer sealer;
    private AeadReference reference;

    @Setup
    public void start() throws Throwable {
        ciphers = RecordCiphers.choose(cipher);
        ring = new RecordRing(length);
        reference = AeadReference.of(cipher, suite, length, ring);
        newKeys();
    }

    /** A budget of bytes is used up within seconds. */
    @Setup(Level.Iteration)
    public void newKeys() {
        stop();
        byte[] key = new byte[suite.keyLength()];
        byte[] salt = new byte[suite.saltLength()];
        sealer = new RecordSealer(suite, ciphers.create(suite, key), salt, CONNECTION_ID);
    }

    @TearDown
    public void stop() {
        if (sealer != null) {
            sealer.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(RecordRing.COUNT)
    public int seal() {
        if (sealer.isRekeyDue()) {
            newKeys();
        }
        int sealed = 0;
        for (int index = 0; index < RecordRing.COUNT; index++) {
            int offset = ring.offset(index);
            sealed += sealer.seal(ring.plaintexts(), offset, length, ring.records(), offset);
        }
        return sealed;
    }

    @Benchmark
    @OperationsPerInvocation(RecordRing.COUNT)
    public void reference() throws Throwable {
        for (int index = 0; index < RecordRing.COUNT; index++) {
            reference.seal(index);
        }
    }
}
