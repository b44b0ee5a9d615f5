package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BoxSealTest {
    private static final byte[] CONTENT = "berlin, london".getBytes(StandardCharsets.UTF_8);
    private static final byte[] MACHINE = {1, 2, 3};

    private final KeyPair keys = keys();
    private final BoxSeal seal = BoxSeal.of(keys.getPrivate(), "spiffe://a/site/1", MACHINE);

    @Test
    void shouldOpenWhatTheSameNodeSealed() throws GeneralSecurityException {
        BoxSeal afterRestart = BoxSeal.of(keys.getPrivate(), "spiffe://a/site/1", MACHINE);

        assertArrayEquals(CONTENT, afterRestart.open(seal.seal(CONTENT)));
        assertArrayEquals(new byte[0], afterRestart.open(seal.seal(new byte[0])));
    }

    @Test
    void shouldHideTheContentAndNeverSealItTheSameWay() {
        byte[] sealed = seal.seal(CONTENT);

        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("berlin"));
        assertFalse(Arrays.equals(sealed, seal.seal(CONTENT)));
    }

    @Test
    void shouldRefuseAnotherMachineAnotherNameAndAnotherKey() {
        byte[] sealed = seal.seal(CONTENT);
        String why = "it is damaged, or of another machine, site or account";

        assertRefused(why, BoxSeal.of(keys.getPrivate(), "spiffe://a/site/1", CONTENT), sealed);
        assertRefused(why, BoxSeal.of(keys.getPrivate(), "spiffe://b/site/1", MACHINE), sealed);
        assertRefused(why, BoxSeal.of(keys().getPrivate(), "spiffe://a/site/1", MACHINE), sealed);
    }

    @Test
    void shouldRefuseEveryChangedByteAndEveryLength() {
        byte[] sealed = seal.seal(CONTENT);

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThrows(GeneralSecurityException.class, () -> seal.open(changed));
            byte[] cut = Arrays.copyOf(sealed, i);
            assertThrows(GeneralSecurityException.class, () -> seal.open(cut));
        }
    }

    @Test
    void shouldSayThatAFileIsOfAnotherVersion() {
        byte[] sealed = seal.seal(CONTENT);
        sealed[4] = 2;

        assertRefused("its format is 2, this software knows 1", seal, sealed);
    }

    private static void assertRefused(String why, BoxSeal seal, byte[] sealed) {
        Exception refusal = assertThrows(GeneralSecurityException.class, () -> seal.open(sealed));
        assertEquals(why, refusal.getMessage());
    }

    private static KeyPair keys() {
        try {
            return Keys.generate();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
