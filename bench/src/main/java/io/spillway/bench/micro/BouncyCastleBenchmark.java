package io.spillway.bench.micro;

import static org.bouncycastle.tls.ContentType.application_data;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.RecordFormat;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One AES-128-GCM record sealed or opened by Bouncy Castle itself: what the packets would cost if
 * the handshake's library carried them. Slow enough to be measured one by one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BouncyCastleBenchmark {
    private static final ProtocolVersion VERSION = ProtocolVersion.TLSv12;

    /** The handshake's Finished was 0. */
    private static final long FIRST_SEQUENCE = 1;

    private static final int HEADER_LENGTH = RecordFormat.FRAGMENT_OFFSET;

    @Param({"64", "512", "1400", "8192"})
    public int length;

    private TlsCipher sealing;
    private TlsCipher opening;
    private byte[] plaintext;
    private byte[] sealed;
    private byte[] record;
    private long sequence = FIRST_SEQUENCE;

    @Setup
    public void start() throws IOException {
        BouncyCastlePair pair = new BouncyCastlePair();
        sealing = pair.sealing();
        opening = pair.opening();
        plaintext = new byte[length];
        TlsEncodeResult first = encode(FIRST_SEQUENCE);
        sealed = Arrays.copyOfRange(first.buf, HEADER_LENGTH, first.len);
        record = new byte[sealed.length];
    }

    @Benchmark
    public TlsEncodeResult seal() throws IOException {
        return encode(++sequence);
    }

    /** With a copy of the record, since it is opened in place. */
    @Benchmark
    public TlsDecodeResult open() throws IOException {
        System.arraycopy(sealed, 0, record, 0, sealed.length);
        return opening.decodeCiphertext(
                FIRST_SEQUENCE, application_data, VERSION, record, 0, record.length);
    }

    private TlsEncodeResult encode(long number) throws IOException {
        return sealing.encodePlaintext(
                number, application_data, VERSION, HEADER_LENGTH, plaintext, 0, length);
    }
}
