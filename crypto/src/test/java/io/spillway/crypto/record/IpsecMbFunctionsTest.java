package io.spillway.crypto.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spillway.crypto.record.IpsecMbFunctions.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IpsecMbFunctionsTest {
    private static final int VERSION_1_3_0 = 0x10300;

    private final FakeIpsecMb library = new FakeIpsecMb(VERSION_1_3_0);

    @AfterEach
    void close() {
        library.close();
    }

    @Test
    void shouldUseTheSetThatTheLibraryChose() {
        library.export("sse");
        library.export("vaes_avx512");
        library.choose("vaes_avx512");

        IpsecMbFunctions functions = find(library);

        assertNull(functions.refusal());
        assertEquals("libIPSec_MB.so.1 1.3.0 for vaes_avx512", functions.description());
        for (Function function : Function.values()) {
            assertEquals(
                    library.address(function.symbol("vaes_avx512")),
                    functions.address(function).address());
        }
        assertEquals(0, library.managerCount());
    }

    @Test
    void shouldNotLookForTheLibraryOnAnotherArchitecture() {
        IpsecMbFunctions functions =
                IpsecMbFunctions.find(
                        "aarch64",
                        () -> {
                            throw new AssertionError("looked");
                        });

        assertRefused("libIPSec_MB.so.1 needs amd64, this is aarch64", functions);
    }

    @Test
    @SuppressWarnings("restricted")
    void shouldRefuseAMissingLibrary() {
        IpsecMbFunctions functions =
                IpsecMbFunctions.find(
                        "amd64",
                        () -> SymbolLookup.libraryLookup("libIPSec_MB.so.0", Arena.global()));

        assertRefused("libIPSec_MB.so.1: Cannot open library: libIPSec_MB.so.0", functions);
    }

    @Test
    void shouldRefuseAnUnknownVersion() {
        try (FakeIpsecMb later = new FakeIpsecMb(0x10502)) {
            later.export("sse");
            later.choose("sse");

            IpsecMbFunctions functions = find(later);

            assertRefused("libIPSec_MB.so.1 is version 1.5.2, known is only 1.3.0", functions);
        }
    }

    @Test
    void shouldRefuseALibraryThatLacksAFunction() {
        IpsecMbFunctions functions = find(name -> library.find(without("free_mb_mgr", name)));

        assertRefused("libIPSec_MB.so.1 has no free_mb_mgr", functions);
        assertEquals(0, library.managerCount());
    }

    @Test
    void shouldRefuseASetOfAnotherName() {
        library.export("sse");
        library.export("sse_no_aesni");
        library.choose("sse_no_aesni");

        IpsecMbFunctions functions = find(library);

        assertRefusedSets(functions);
        assertEquals(0, library.managerCount());
    }

    @Test
    void shouldRefuseAMixtureOfSets() {
        library.export("sse");
        library.export("avx_gen4");
        library.choose("avx_gen4");
        library.choose(Function.OPEN_256, "sse");

        assertRefusedSets(find(library));
    }

    @Test
    void shouldRefuseAManagerThatChoseNothing() {
        library.export("sse");

        assertRefusedSets(find(library));
    }

    @Test
    void shouldRefuseWhenThereIsNoManager() {
        library.refuseManagers();

        assertRefused("libIPSec_MB.so.1 has no memory for a manager", find(library));
    }

    private static IpsecMbFunctions find(SymbolLookup library) {
        return IpsecMbFunctions.find("amd64", () -> library);
    }

    private static String without(String missing, String name) {
        return name.equals(missing) ? "" : name;
    }

    private static void assertRefusedSets(IpsecMbFunctions functions) {
        assertRefused(
                "libIPSec_MB.so.1 chose AES-GCM functions for this CPU that are none of"
                        + " [sse, avx_gen2, avx_gen4, avx512, vaes_avx512]",
                functions);
    }

    private static void assertRefused(String reason, IpsecMbFunctions functions) {
        assertEquals(reason, functions.refusal());
        assertNull(functions.address(Function.SEAL_128));
    }
}
