package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spillway.crypto.RecordSuite;
import io.spillway.crypto.record.RecordCiphers.Implementation;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordCiphersTest {
    private static final Implementation JCE =
            new Implementation("jce", JceCipher::new, () -> null, () -> "JDK");

    @Test
    void shouldGiveTheKnownAnswersWithEveryImplementation() {
        RecordTraffic.requireInstalled("ipsec-mb");
        assertNull(KnownAnswers.failure(IpsecMbCipher::create));
        assertNull(KnownAnswers.failure(OpenSslCipher::new));
        assertNull(KnownAnswers.failure(JceCipher::new));
    }

    @Test
    void shouldChooseWhatIsConfigured() {
        RecordTraffic.requireInstalled("ipsec-mb");
        assertEquals("ipsec-mb", RecordCiphers.choose("ipsec-mb").name());
        assertEquals("openssl", RecordCiphers.choose("openssl").name());
        assertEquals("jce", RecordCiphers.choose("jce").name());
    }

    @Test
    void shouldPreferNativeCodeAndSayWhich() {
        RecordTraffic.requireInstalled("ipsec-mb");
        RecordCiphers fastest = RecordCiphers.choose("auto");
        RecordCiphers openSsl = RecordCiphers.choose("openssl");

        assertEquals("ipsec-mb", fastest.name());
        String reason = fastest.reason();
        assertTrue(reason.startsWith("libIPSec_MB.so.1 1.3.0 for "), reason);
        assertTrue(reason.contains("(ChaCha20-Poly1305 by libcrypto.so.3)"), reason);
        assertTrue(openSsl.reason().startsWith("OpenSSL 3."), openSsl.reason());
        assertTrue(openSsl.reason().contains("libcrypto.so.3"), openSsl.reason());
    }

    @Test
    void shouldNameTheChoicesWhenTheValueIsUnknown() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> RecordCiphers.choose("rot13"));

        assertEquals(
                "cipher \"rot13\": expected one of auto, ipsec-mb, openssl, jce", e.getMessage());
    }

    @Test
    void shouldFallBackWithAReasonWhenTheLibraryIsMissing() {
        Implementation missing =
                new Implementation(
                        "openssl",
                        OpenSslCipher::new,
                        () -> "libcrypto.so.3: Cannot open library",
                        () -> "never asked");

        RecordCiphers ciphers = RecordCiphers.choose("auto", List.of(missing, JCE));

        assertEquals("jce", ciphers.name());
        assertEquals(
                "JDK, known answers given; openssl refused: libcrypto.so.3: Cannot open library",
                ciphers.reason());
    }

    @Test
    void shouldFallBackStepByStepAndSayWhyOfEach() {
        Implementation wrong =
                new Implementation("ipsec-mb", Trusting::new, () -> null, () -> "never asked");
        Implementation missing =
                new Implementation("openssl", OpenSslCipher::new, () -> "gone", () -> "");

        RecordCiphers ciphers = RecordCiphers.choose("auto", List.of(wrong, missing, JCE));

        assertEquals("jce", ciphers.name());
        assertEquals(
                "JDK, known answers given; ipsec-mb refused: AES_128_GCM: opens a forgery;"
                        + " openssl refused: gone",
                ciphers.reason());
    }

    @Test
    void shouldRefuseToStartWhenWhatIsWantedCannotBeHad() {
        Implementation missing =
                new Implementation("openssl", OpenSslCipher::new, () -> "gone", () -> "");

        IllegalStateException e =
                assertThrows(
                        IllegalStateException.class,
                        () -> RecordCiphers.choose("openssl", List.of(missing, JCE)));

        assertEquals("cipher openssl: openssl refused: gone", e.getMessage());
    }

    @Test
    void shouldRefuseAnImplementationThatOpensForgeries() {
        assertEquals("AES_128_GCM: opens a forgery", KnownAnswers.failure(Trusting::new));
    }

    @Test
    void shouldRefuseAnImplementationThatSealsWrongly() {
        assertEquals(
                "AES_256_GCM: does not seal as published",
                KnownAnswers.failure((suite, key) -> new JceCipher(suite, spoiled(key))));
        assertEquals(
                "AES_128_GCM: the JDK lacks it",
                KnownAnswers.failure(
                        (suite, key) -> {
                            throw new IllegalStateException("the JDK lacks it");
                        }));
    }

    @Test
    void shouldKnowItsSuitesByCode() {
        for (RecordSuite suite : RecordSuite.values()) {
            assertEquals(suite, RecordSuite.ofCode(suite.code()));
        }
        assertNull(RecordSuite.ofCode(0xC02F));
    }

    /** Leaves AES-128 keys as they are and spoils longer ones. */
    private static byte[] spoiled(byte[] key) {
        byte[] spoiled = key.clone();
        if (key.length > 16) {
            spoiled[31] = 0;
        }
        return spoiled;
    }

    /** Decrypts, but believes every tag: what ipsec-mb does when nobody compares. */
    private static final class Trusting implements RecordCipher {
        private final JceCipher cipher;

        Trusting(RecordSuite suite, byte[] key) {
            cipher = new JceCipher(suite, key);
        }

        @Override
        public void seal(AeadInputs inputs, long plaintext, int length, long ciphertext) {
            cipher.seal(inputs, plaintext, length, ciphertext);
        }

        @Override
        public boolean open(AeadInputs inputs, long address, int length) {
            cipher.open(inputs, address, length);
            return true;
        }

        @Override
        public void close() {
            cipher.close();
        }
    }
}
