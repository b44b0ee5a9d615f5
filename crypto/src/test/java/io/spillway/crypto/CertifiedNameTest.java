package io.spillway.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertifiedNameTest {
    @Test
    void shouldWriteSiteIdAsUnsignedNumber() {
        CertifiedName name = CertifiedName.site("acme", -1L, "berlin");

        assertEquals("spillway://acme/site/18446744073709551615", name.uri());
        assertEquals("site 18446744073709551615 of account acme", name.toString());
    }

    @Test
    void shouldWritePopByName() {
        assertEquals("spillway://acme/pop/frankfurt", CertifiedName.pop("acme", "frankfurt").uri());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "-a", "a b", "ä", "a:b"})
    void shouldRefuseNamesThatDoNotFitIntoUri(String account) {
        assertThrows(
                IllegalArgumentException.class, () -> CertifiedName.site(account, 1, "berlin"));
        assertThrows(IllegalArgumentException.class, () -> CertifiedName.pop("acme", account));
    }

    @Test
    void shouldRefuseSiteWithoutId() {
        assertThrows(IllegalArgumentException.class, () -> CertifiedName.site("acme", 0, "berlin"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CertifiedName("acme", Role.POP, 7, "frankfurt"));
    }
}
