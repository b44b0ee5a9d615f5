package io.spillway.bench.micro;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.record.RecordCiphers;
import io.spillway.crypto.record.RecordOpener;
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

/**
 * One record opened in place, with connection ID, off-heap. A record opens only once, so that a
 * ring of fresh ones is sealed before each measured walk through it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordOpenBenchmark {
    private static final byte[] CONNECTION_ID = {1, 2, 3, 4};

    /** What both ways of opening share. */
    @State(Scope.Thread)
    public static class Input {
        @Param({"ipsec-mb", "openssl", "jce"})
        public String cipher;

        @Param("AES_128_GCM")
        public RecordSuite suite;

        @Param({"64", "512", "1400", "8192"})
        public int length;
    }

    /** Records of ours. */
    @State(Scope.Thread)
    public static class Ours {
        private RecordCiphers ciphers;
        private RecordRing ring;
        private RecordSealer sealer;
        private RecordOpener opener;
        private int recordLength;
        private final int[] lengths = new int[RecordRing.COUNT];

        @Setup
        public void start(Input input) {
            ciphers = RecordCiphers.choose(input.cipher);
            ring = new RecordRing(input.length);
            newKeys(input);
        }

        @Setup(Level.Invocation)
        public void seal(Input input) {
            if (sealer.isRekeyDue()) {
                stop();
                newKeys(input);
            }
            for (int index = 0; index < RecordRing.COUNT; index++) {
                int offset = ring.offset(index);
                recordLength =
                        sealer.seal(
                                ring.plaintexts(), offset, input.length, ring.records(), offset);
            }
        }

        @TearDown
        public void stop() {
            sealer.close();
            opener.close();
        }

        private void newKeys(Input input) {
            RecordSuite suite = input.suite;
            byte[] key = new byte[suite.keyLength()];
            byte[] salt = new byte[suite.saltLength()];
            sealer = new RecordSealer(suite, ciphers.create(suite, key), salt, CONNECTION_ID);
            opener = new RecordOpener(suite, ciphers.create(suite, key), salt, CONNECTION_ID);
        }
    }

    /** Records of the reference. */
    @State(Scope.Thread)
    public static class Theirs {
        private AeadReference reference;

        @Setup
        public void start(Input input) throws Throwable {
            RecordRing ring = new RecordRing(input.length);
            RecordCiphers.choose(input.cipher);
            reference = AeadReference.of(input.cipher, input.suite, input.length, ring);
        }

        @Setup(Level.Invocation)
        public void seal() throws Throwable {
            for (int index = 0; index < RecordRing.COUNT; index++) {
                reference.seal(index);
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(RecordRing.COUNT)
    public int open(Ours ours) {
        for (int index = 0; index < RecordRing.COUNT; index++) {
            int offset = ours.ring.offset(index);
            ours.lengths[index] = ours.opener.open(ours.ring.records(), offset, ours.recordLength);
        }
        int opened = 0;
        int plaintextOffset =
                ours.opener.plaintextOffset() - ours.ring.offset(RecordRing.COUNT - 1);
        for (int index = 0; index < RecordRing.COUNT; index++) {
            int offset = ours.ring.offset(index) + plaintextOffset;
            opened += ours.opener.unwrap(ours.ring.records(), offset, ours.lengths[index]);
        }
        return opened;
    }

    @Benchmark
    @OperationsPerInvocation(RecordRing.COUNT)
    public boolean reference(Theirs theirs) throws Throwable {
        boolean opened = true;
        for (int index = 0; index < RecordRing.COUNT; index++) {
            opened &= theirs.reference.open(index);
        }
        return opened;
    }
}
