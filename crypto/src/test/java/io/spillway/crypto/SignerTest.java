package io.spillway.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignerTest {
    private static final byte[] WORD = "a word".getBytes(US_ASCII);

    @TempDir Path directory;

    @Test
    void shouldSignWhatItsCertificateAloneVerifies() throws Exception {
        TestAccount account = new TestAccount(directory, "acme", InstantSource.system());
        Identity site = account.site(1);
        Signer signer = Signer.of(site);

        byte[] signed = signer.sign(WORD);

        assertEquals("acme", signer.account());
        assertTrue(Signer.isSigned(WORD, signed, signer.certificate()));
        assertFalse(Signer.isSigned("A word".getBytes(US_ASCII), signed, signer.certificate()));
        assertFalse(Signer.isSigned(WORD, signed, account.site(2).certificate()));
        assertFalse(Signer.isSigned(WORD, new byte[0], signer.certificate()));
        assertFalse(Signer.isSigned(WORD, new byte[200], signer.certificate()));
    }
}
