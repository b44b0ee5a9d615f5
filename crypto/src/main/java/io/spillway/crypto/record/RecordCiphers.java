package io.spillway.crypto.record;

import io.spillway.crypto.RecordSuite;
import java.util.ArrayList;
import java.util.List;

/**
 * The implementation of {@link RecordCipher} that this process uses, chosen once at start.
 * Immutable, for any thread.
 *
 * <p>An implementation is used only after it gave the {@link KnownAnswers} of every suite.
 */
public final class RecordCiphers {
    /** The first implementation that works, fastest first. */
    public static final String AUTO = "auto";

    private static final List<Implementation> IMPLEMENTATIONS =
            List.of(
                    new Implementation(
                            "ipsec-mb",
                            IpsecMbCipher::create,
                            LibIpsecMb::unavailableReason,
                            IpsecMbCipher::version),
                    new Implementation(
                            "openssl",
                            OpenSslCipher::new,
                            LibCrypto::unavailableReason,
                            () -> LibCrypto.version() + " through " + LibCrypto.LIBRARY),
                    new Implementation(
                            "jce", JceCipher::new, () -> null, () -> "Java " + Runtime.version()));

    private final String reason;
    private final Implementation implementation;

    private RecordCiphers(Implementation implementation, String reason) {
        this.implementation = implementation;
        this.reason = reason;
    }

    /** Makes the cipher of one key. */
    @FunctionalInterface
    public interface Factory {
        RecordCipher create(RecordSuite suite, byte[] key);
    }

    /** A text that may need the library behind it. */
    @FunctionalInterface
    interface Text {
        String get();
    }

    /**
     * One way to seal and open.
     *
     * @param unavailable null when it can be tried, else why not; asked first
     * @param version what is used, for people
     */
    record Implementation(String name, Factory factory, Text unavailable, Text version) {
        /** Null when it may be used, else why it is refused. */
        String refusal() {
            String reason = unavailable.get();
            return reason != null ? reason : KnownAnswers.failure(factory);
        }
    }

    /**
     * Chooses by the configured value.
     *
     * @param wanted {@code auto}, {@code ipsec-mb}, {@code openssl} or {@code jce}
     * @throws IllegalArgumentException when the value is none of these
     * @throws IllegalStateException when what is wanted was refused; the message says why
     */
    public static RecordCiphers choose(String wanted) {
        return choose(wanted, IMPLEMENTATIONS);
    }

    static RecordCiphers choose(String wanted, List<Implementation> implementations) {
        List<String> known = new ArrayList<>(List.of(AUTO));
        List<String> refusals = new ArrayList<>();
        for (Implementation implementation : implementations) {
            known.add(implementation.name());
            if (!wanted.equals(AUTO) && !wanted.equals(implementation.name())) {
                continue;
            }
            String refusal = implementation.refusal();
            if (refusal == null) {
                return new RecordCiphers(implementation, reason(implementation, refusals));
            }
            refusals.add(implementation.name() + " refused: " + refusal);
        }
        if (refusals.isEmpty()) {
            throw new IllegalArgumentException(
                    "cipher \"" + wanted + "\": expected one of " + String.join(", ", known));
        }
        throw new IllegalStateException("cipher " + wanted + ": " + String.join("; ", refusals));
    }

    /**
     * Ciphers that no configuration can name and that need not give known answers: for a benchmark
     * that measures everything but the cipher.
     */
    public static RecordCiphers unproven(String name, Factory factory) {
        Implementation given = new Implementation(name, factory, () -> null, () -> name);
        return new RecordCiphers(given, "given by the caller, not proven");
    }

    /** For configuration, logs and status: {@code ipsec-mb}, {@code openssl} or {@code jce}. */
    public String name() {
        return implementation.name();
    }

    /** What was chosen and what was refused before it, for logs and status. */
    public String reason() {
        return reason;
    }

    /**
     * A cipher for one key, which is copied; the caller closes it.
     *
     * @throws IllegalStateException when native memory is out
     */
    public RecordCipher create(RecordSuite suite, byte[] key) {
        return implementation.factory().create(suite, key);
    }

    private static String reason(Implementation chosen, List<String> refusals) {
        String works = chosen.version().get() + ", known answers given";
        return refusals.isEmpty() ? works : works + "; " + String.join("; ", refusals);
    }
}
